"""The words of a text that carry its meaning, as keys: endings dropped, words of trade alike. No sentences."""

from __future__ import annotations

from functools import lru_cache

from wb_pipeline.normalize.word_tables import by_spelling, word_set

_EMPTY = word_set("""
a an the and or of to in on at for with by from as is are was were be been being am do does did done have has had will
would shall should can could may might must we i you he she it they them us our your their his her its my me this that
these those there here who which what when where how about into over up out off then than so if but please let just
very also too now today again still yet already some any all more most other another get got go going gone come
they re per via s t re side part thing things bit day
""")
_ALIKE = by_spelling("""
send: send, sent, share, forward, provide, supply, mail, email, deliver, submit
book: book, schedule, arrange, plan, set, organise, organize, fix
quote: quote, quotation, offer, proposal, estimate
contract: contract, agreement, msa
buy: buy, bought, purchase, order, procure
cost: cost, price, pricing
start: start, begin, began, begun, kick, launch, commence
meet: meet, met, meeting, call, talk, speak, spoke, discuss, discussion, chat, session, sync
seat: seat, licence, license, user
review: review, check, examine, inspect
demo: demo, demonstration, walkthrough, presentation, present
legal: legal, lawyer, counsel, attorney
sign: sign, signature, signed, signing, countersign, execute
extend: extend, prolong, extension
introduce: introduce, intro, introduction, connect
approve: approve, approval, approved, released, release, greenlight
use: use, used, using, run, running, ran
own: own, owner, owned
decide: decide, decision, decided
want: want, wanted, need, require, wish, ask
implement: implement, implementation, install, installation, deploy, deployment, rollout, roll
return: return, back
follow: follow, ping, nudge, recontact, reconnect, chase, circle, contact, reach, touch
update: update, updated, revise, revised, redo, rework, amend, amended, new, refresh
reference: reference, references, referral, referrals
questionnaire: questionnaire, form, survey
kickoff: kickoff, kick
final: final, finalise, finalize, finalised, finalized
prepare: prepare, draft, write, drafted, draw, compile, create, make
spec: spec, specs, specification, specifications, requirement, requirements
team: team, group, crew, people, guys, folks
customer: customer, client
slide: slide, slides, deck, presentation
cancel: cancel, cancellation, terminate, termination
document: document, doc, documentation, paper, paperwork, file
confirm: confirm, confirmation, verify
invite: invite, invitation, include, add, bring
visit: visit, tour, come
security: security, infosec
finance: finance, financial, finances
show: show, showed, shown
tell: tell, told, say, said
""")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "es", "s", "ly")
_SHORTEST = 3
_CACHED_WORDS = 65_536


def content(words: list[str]) -> list[str]:
    """Return the keys of the words that carry meaning, in their order, each once."""
    keys = [key(word) for word in words if word[:1].isalnum() and word not in _EMPTY and not word.isdigit()]
    return list(dict.fromkeys(each for each in keys if len(each) > 1))


def is_common(word: str) -> bool:
    """Say whether a word is one of those with fellows here, such as `send`: it is nobody's name."""
    return word in _ALIKE or word in _EMPTY


@lru_cache(maxsize=_CACHED_WORDS)
def key(word: str) -> str:
    """Return what a word and its forms have in common."""
    if word in _ALIKE:
        return _ALIKE[word]
    made = stem(word)
    return _ALIKE.get(made, made)


def stem(word: str) -> str:
    """Return a word without a common English ending; rough, the same for both sides of a comparison."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            made = word[: -len(ending)]
            if ending in ("ies", "ied"):
                return made + "y"
            if len(made) > _SHORTEST and made[-1] == made[-2] and made[-1] not in "ls":
                made = made[:-1]
            return made.removesuffix("e") if len(made) > _SHORTEST else made
    return word.removesuffix("e") if len(word) > _SHORTEST + 1 else word
