"""Word lists of negation, hedge, condition and hearsay, matched on tokens. Which part counts: `stance`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.normalize.word_tables import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Phrases = dict[str, list[tuple[str, ...]]]
"""Phrases by their first word."""


def phrases(text: str) -> Phrases:
    """Return a list of phrases, one a line, by their first word."""
    made: Phrases = {}
    for line in text.split("\n"):
        for phrase in line.split(","):
            found = tuple(phrase.split())
            if found:
                made.setdefault(found[0], []).append(found)
    return made


def places(words: Sequence[str], wanted: Phrases) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each phrase that stands in the words; `*` in a phrase is any one word."""
    for start, word in enumerate(words):
        for phrase in wanted.get(word, ()):
            end = start + len(phrase)
            if end <= len(words) and all(p in ("*", w) for p, w in zip(phrase, words[start:end], strict=True)):
                yield start, end


def has(words: Sequence[str], wanted: Phrases) -> bool:
    """Say whether any of the phrases stands in the words."""
    return next(places(words, wanted), None) is not None


def masked(words: Sequence[str], *harmless: Phrases) -> list[str]:
    """Return the words with each of the harmless phrases blanked out."""
    made = list(words)
    for each in harmless:
        for start, end in list(places(made, each)):
            made[start:end] = [""] * (end - start)
    return made


def starts_with(words: Iterable[str], wanted: Phrases) -> bool:
    """Say whether the words begin with one of the phrases, signs aside."""
    told = [word for word in words if word and word[0].isalnum()]
    return any(tuple(told[: len(phrase)]) == phrase for phrase in wanted.get(told[0], ())) if told else False


# Sound like a no, and are none.
NO_NEGATION = phrases("""
no problem, no problems, no doubt, no worries, no objection, no objections, no issue, no issues, no later than
not later than, not only, not just, not least, no longer than, can not wait, why do not you, why do not we
why not, no matter, not a problem, not an issue, without a doubt, without doubt, without question, without delay
without fail, without any problem, nothing against, nothing stands in the way, no hesitation, not to mention
no strings attached, no rush, do not forget to, do not hesitate to, do not worry, not bad, could not be happier
could not agree more, no brainer, no more and no less, no change to that, no change, do not need to ask twice
no surprise
please do not forget, nobody had a problem, nobody objected, nobody minded, no one objected, did not we, do not we
is not it, do not you
can not do it before, can not before, i am not superstitious, do not judge, do not laugh, do not ask
no questions asked, nothing else to add, nobody else needs
nobody else needs to, at the quoted price, as quoted, apart from you, besides you, other than you, proposal no
offer no, order no, quote no, invoice no, contract no, percent off, % off
ten percent off, and drop the, drop the setup fee, drop the onboarding fee, drop the fee, drop the price
drop your price, not a day later, not a minute later, not earlier, not a cent more, not a penny more, no ifs
no later, not the other way, did not hesitate, do not need approval, do not need any approval, no approval needed
no further approval, nobody else has to, without exception, no exceptions, no turning back
""")
NEGATIONS = phrases("""
paused, frozen, halted, suspended, stalled, backed out, pulled out, backing out, pulling out, switched off
turned off, vetoing, kill, struck, crossed off, crossed out, no longer using, away with, wiped out, non starter
show stopper, is history, ancient history, long gone, is gone, are gone, done with, finished with, behind us
is dead, is over, is off, is out, are out, deal breaker, dealbreaker, oppose, opposed, denied, denies, not, no
never, nobody, none, neither, nor, without, nothing, unable, nowhere, no longer, no one, rather than, instead of
far from, refuse, refused, refuses, decline, declined, declines, reject, rejected, cancel, cancelled, canceled
called off, call off, ruled out, rule out, ruled it out, dropped, drop, dropping, moved off, moved away from
moving off, moving away from, move off, moved on from, switched away, switched from, switching from
migrated off, migrated away, migrated from, migrating off, got rid of, getting rid of, replaced, ditched
ditching, abandoned, abandoning, retired, sunset, sunsetted, decommissioned, decommissioning, phased out
phasing out, phase out, stopped using, stop using, quit using, left behind, gave up, gave up on, scrapped
shelved, terminated, disconnected, off the table, out of the question, fell through, fallen through, has slipped
slipped, postponed, pushed back, put on hold, on hold, on ice, out of date, outdated, too early for, wrong
against the idea, kicked out, threw out, thrown out, walked away from, parted ways with, said goodbye to
past tense, too soon, blocked, vetoed, killed, turned down, turned it down, turned them down, hardly, barely
we left, have left, eliminated, discarded, lapsed, withdrew, withdrawn, revoked, rescinded, incorrect, mistaken
false, untrue, except, excluding, apart from, other than, anything but, away from, off of, getting off
coming off, come off, leaving, can not afford, not until, out of scope, off the menu, leave * out, left * out
take * out, hold the, hold off, stop the, forget about, skip the, never mind, overruled, missed, moot
pulled the plug, fell flat, disappointment, disappointing, no intention, superseded, swapped out, no need
needless
""")
# Of a price these are a no; of a rival they are none.
TOO_DEAR = phrases("""
too expensive, too much, too high, too steep, too pricey, more than we, more than our, out of reach, over budget
beyond our, above our, over our, out of our, twice what, double what, outside our, exceeds, way over, way above
too rich
""")
# Money, and not what is paid to us.
OTHER_SUMS = phrases("""
we pay, currently pay, paying, we spend, currently spend, spending on, charges us, charge us, quoted us
they charge, they quoted, quoted, came in at, revenue, turnover, raised, funding, saves, saving, save, costs us
lost, loses, penalty, salary, salaries, their price, their quote, their offer, worth of damage, invested
valuation, profit
""")
# A plan to sign is no signature.
PLANS = phrases("""
plan to, plans to, planning to, planning on, the plan is, intend to, intends to, our plan
would like to, want to aim
""")
# Leave it open. They are asked first: "not sure" is a hedge, no denial.
CORE_NEGATIONS = phrases("not, no, never, nobody, none, neither, nor, without, nothing, nowhere, no one")
HEDGES = phrases("""
in all likelihood, presumably, hopeful, touch wood, knock on wood, rumors, rumours, not a done deal
not locked in, nothing locked, informally, off the record, unofficially, soft commit, eyeing, shooting for
gunning for, working toward, working towards, looking to, conceivably, might well, could well, it depends
no firm, not firm, not fixed, loosely, vaguely, open to, keen to explore, play with the idea
give or take a month, if possible, wait and see, jury is still out, maybe, perhaps, might, may, could, would
should, possibly, possible, probably, probable, potentially, potential, likely, unlikely, hope, hopes, hoping
hoped, hopefully, guess, guessing, suppose, supposing, supposedly, assume, assuming, think, thinks, thinking
believe, believes, reckon, imagine, suspect, consider, considering, considers, contemplating, contemplate
looking at, looking into, look into, take a look at, look at, toying with, exploring, explore, try, trying
tries, attempt, attempting, aim, aiming, aims, target, targeting, tentative, tentatively, ideally, wish
at some point, one day, someday, some day, sooner or later, eventually, not sure, unsure, uncertain, not certain
undecided, not decided, not yet decided, not clear, unclear, unknown, do not know, does not know, no idea
to be confirmed, to be decided, tbc, tbd, tba, pencil, penciled, pencilled, pencilled in, in theory
in principle, theoretically, hypothetically, hard to say, hard to tell, who knows, can not promise, no promises
can not say, can not commit, can not guarantee, no guarantee, no guarantees, not guaranteed, not final
not finalised, not finalized, not confirmed, not yet confirmed, not official, not yet official, not set in stone
not signed off, nothing is decided, nothing decided, nothing is fixed, nothing is final, nothing firm
nothing is signed, do not hold me, do not quote me, seems, seem, appears, appear, tempted, inclined, leaning
leaning towards, estimate, estimated, ballpark, provisional, provisionally, preliminary, placeholder, wild guess
gut feeling, feels, feel, looks like, sort of, kind of, more or less, something like, somewhere around
in the region of, in the ballpark, order of magnitude, so so, tight, ambitious, optimistic, optimistically
stretch, a stretch, could be, might be, i would say, or so, could see, do not count on, can not be sure, i doubt
doubt, doubtful, doubts, skeptical, sceptical, not convinced, need to run, have to run, run that by, run it past
would have to, needs to go through, has to go through, have to go through, still needs to, need to convince
have to convince, need to confirm, have to confirm, waiting, almost there, nearly there, close to, not there yet
in the works, working on it, if all goes, hypothetical, in two minds, on the fence, open question, still open
still discussing, still debating, being discussed, under discussion, talking about, would not rule out
can not rule out, expect, expects, expecting, expected, fingers crossed, all being well, with luck
with any luck, wishful, dream, speculating, early days, subject to change, rumoured, rumored, rumour, rumor
apparently, allegedly, reportedly, heard, word is, floated, toyed, want to see, we will see, let us see
remains to be seen, yet to be, yet to decide, have yet to, has yet to, waiting for, waiting on, awaiting
needs approval, needs to be approved, need approval, need sign off, needs sign off, still needs, still need
still has to, still have to, need to check, have to check, let me check, need to ask, have to ask, let me ask
past the board, get it past, run it by, run this by, in an ideal world, best case, fairly confident, pretty sure
more or less decided, as far as i know, afaik, if i remember, from memory, roughly speaking, or so i hear
penned in, up in the air, toss up, coin flip, interested in looking
""")
CONDITIONS = phrases("""
when legal, when the board, when our, when finance, when procurement, when my boss, when he, when she, when they
when it, after legal, after the board approves, after approval, upon, following approval, the day that
by the time, if, unless, provided, providing, subject to, once, as long as, so long as, on condition
on the condition, conditional, contingent, assuming that, supposing, given that you, in exchange for
in return for, depends, depending, dependent, pending, in case, as soon as, except if, only when, only after
only if, but first, assuming, should the, in the event, when and if, whether, would need, would have to
requires approval, required approval, no earlier than
""")
NO_CONDITION = phrases("""
you should have, you should see, you should get, you should receive, you should find, should you need
should you have, that is when, when they come, when it comes, if you need, if you have any
if you have questions, let me know if, if needed, if anything, if not sooner, if not earlier, even if, as if
at once, once more, once a, once again, if you like, if you want, if you could, if that helps, if any questions
if i may, more than once, if you do not mind, if you please, if it helps, whether or not, if you have a question
depending on the season, if you have further, if you count, when i am back, when i get back, if that matters
try me, try my, if you wonder, if you are wondering, if you ask me, in case you wonder, in case you need it, if useful
""")
WISHES = phrases("""
would like, would love, would appreciate, would be great, would be good, would prefer, would need, could you
would you, can you, will you, you could, would help, would be nice, wish to see, wish to have, wish to get
wish a demo, would be interested, could fit, could help, could support
could work for us, how this could, how it could, how that could
would you, okay, want to see, may i, may we, could we get
can we get, would be happy, would be glad, hope you are, hope this, hope all, look at, looking at, would be keen
waiting for your, waiting for you, expect your, expecting your
""")
ESTIMATES = phrases("""
think, guess, reckon, would say, i would say, estimate, estimated, roughly speaking, probably, believe, ballpark
or so, more or less, something like, somewhere around, in the region of, close to, likely, kind of, sort of
""")
# Of a rival this is what is asked, not a reserve.
RIVALRY = phrases("""
looking at, look at, looked at, looking into, considering, consider, exploring, explore, talking to, in talks with
evaluating, comparing, leaning, tempted, think, thinking about, trying, close to
""")
PAST = phrases("""
former, our previous, our old, my previous, my old, ex vendor, in a past life, in 2023 we, in 2024 we, back in
used to, formerly, previously, back then, last year we, last year i, originally, was planned, were planned
had planned, was supposed to, were supposed to, in the past, years ago, at the time, in my last job
in my old job, my last role, my previous role, at my previous, until recently, until last, once were
was going to, were going to, was meant to, were meant to, had hoped, last year
""")
# Whose intent it is, when not theirs who speak.
OTHERS = phrases("""
told me they, told us they, tells me they, say they, said they, says they, mentioned they, told me that they
says that they, said that they, sister company, parent company, parent group, holding company, mother company
subsidiary, our competitor, our competitors, our rival, our rivals, a competitor of ours, our customer
our customers, a customer of ours, customers of ours, our client, our clients, a client of ours
one of our customers, one of our clients, a friend, my friend, friends of mine, a friend of mine, my wife
my husband, my brother, my sister, my partner at, my neighbour, my neighbor, our supplier, our suppliers
our landlord, our tenant, my predecessor, predecessor, former employer, previous employer, old employer
last employer, former company, old company, previous company, ex employer, another company, other company
other companies, another firm, other firms, a peer, peers of ours, people i know, someone i know
somebody i know, a company i know, your rival, your competitor, your other customers, the industry
most companies, many companies, most firms, everybody else, everyone else, your customers, your own, analysts
the market leader, our neighbours, our neighbors, the previous team, a colleague at, a contact at, folks at
a guy at, an acquaintance, counterpart, counterparts, they paid, they pay, they spent, pays you, paid you
someone else, somebody else, your company, your team, your firm, my counterpart, a peer of, peers at, people at
other vendors, our vendor, our partner, our partners, our investors, our investor, our parent, my old team
my daughter, my son, an article, the press, rumour has it, hiring, vacancy, open position, job ad, we need a
we are looking for a, recruiting
""")
NOT_US = phrases("""
we do not, we are not, we will not, not us, we would not, we have not, we stay, i am not, i do not, we never
""")
YES = phrases("""
yes, yep, yeah, yup, correct, exactly, absolutely, definitely, certainly, indeed, right, that is right
that is correct, that is it, that is the number, sure, of course, agreed, confirmed, that works, works for us
works for me, sounds good, sounds right, deal, done, precisely, you got it, spot on, true, that is true
affirmative, perfect, of march, great let us, for sure, please do, yes please, it is, we do, we are, we will
i am, i do, naturally
""")
NO = phrases("""
no, nope, nah, not, never, negative, wrong, did i, half of that, i do not think so, i would not, we do not
that is wrong, that is not, hardly, actually no, sorry no, unfortunately not, unfortunately no, absolutely not
definitely not, certainly not, of course not, not really, not quite, not any more, not anymore, i am afraid not
""")
UNCLEAR = phrases("""
no idea, not sure, no clue, maybe, perhaps, we will see, let me, hard to say, it depends, depends, possibly
not yet, well, hmm, i think, i guess, probably, no promises, not necessarily
""")
REQUESTS = phrases("""
please, why do not you, why not, may i ask you to, can we have, could we have, can we get, could we get
could i get, can i get, can i have, could i have, would you mind, may we have, could we see, can we see
could i see, can i see, can we schedule, could we schedule, can we book, could we book, can we set, could we set
can we talk, could we talk, can we meet, could we meet, shall we, can we move, can we go, can we start
""")
ASKED_FOR = phrases("""
could you, can you, would you, will you
""")
DEEDS = word_set("""
send share book schedule set show arrange extend forward put give call add prepare provide draft get walk include resend
organise organize follow discuss finalise finalize share onboard demo pilot test escalate ping remind agree negotiate
help let invite loop connect confirm introduce review sign update fix raise issue quote come bring
""")
# What will be is no fact yet: of a headcount, a title or a tool in use only what is so counts.
FUTURE = phrases("""
want to, plan, plans, planning, planned, going to, intend, intends, will, by next, next year, soon, aim to
double to, grow to, growing to, expand to, hoping to, roadmap, future, someday, would like, want
""")
TAKEN_BACK = phrases("""
before that, earlier than that, prior to that, after that, sooner than that, later than that, beyond that
do not hold me, no promises, nothing is decided, nothing decided, scratch that, forget that, just kidding
not final, not confirmed, no guarantee, that is the hope, that is the idea at least, fingers crossed, who knows
we will see, not set in stone, subject to, no longer holds, it no longer, that no longer, not any more
nothing is fixed, nothing is final, nothing is signed, still to be, still has to, still have to, changed my mind
changed our mind, on second thought, i was wrong, correction, sorry i meant, that was before, not official
nothing official, take it with a grain, do not quote me, only joking, just joking, kidding, has changed
have changed, that has slipped, it has slipped, take that back, disregard, ignore that
""")
