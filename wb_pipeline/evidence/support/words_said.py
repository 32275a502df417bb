"""Mentions of a free text, such as a next step: most of its words in one sentence, its numbers, days and names all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.evidence.support import phrases as said
from wb_pipeline.evidence.support.content import content, is_common, key
from wb_pipeline.evidence.support.day_words import is_day_word
from wb_pipeline.evidence.support.days import days
from wb_pipeline.evidence.support.quantities import quantities
from wb_pipeline.evidence.support.tokens import Token, tokens, word_list
from wb_pipeline.evidence.support.weigh import Mention
from wb_pipeline.normalize.word_tables import word_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from wb_pipeline.evidence.support.sentence import Sentence

_HOW_OFTEN = word_set("once twice hourly daily weekly fortnightly monthly quarterly yearly annually biweekly")
_SPANS = word_set("hour day night week month quarter year")
_ALL_UP_TO = 3
"""Of so few words all have to be said; of more, `_SHARE` of them."""
_SHARE = 0.7
_NEAR = 0.6
"""Share of the words from which a sentence with another number, day or name stands in the text's place."""
_NAMES_THAT_ARE_NONE = word_set("i q v vp it hr cfo ceo cto coo mr mrs ms dr re fyi ok")


@dataclass(frozen=True)
class Wanted:
    """What a text says: `soft` words, most of which must be said; numbers, days and names, each of which must be."""

    soft: frozenset[str]
    numbers: frozenset[tuple[float, float]]
    days: frozenset[str]
    names: frozenset[str]
    is_denial: bool
    words: frozenset[str]
    listed: tuple[str, ...] = ()
    actor: str | None = None

    @property
    def ignored(self) -> frozenset[str]:
        """The text's own words, which are no signals: `cancel` in "cancel the plan" denies nothing."""
        return self.words - {phrase[0] for kind in said.CORE_NEGATIONS.values() for phrase in kind}


def wanted_of(text: str, *, known_names: frozenset[str] = frozenset(), has_actor: bool = False) -> Wanted:
    """Return what a text says. `known_names` are words of the person and company: evidence need not repeat them.

    `has_actor`: the text may begin with who is to do it.
    """
    found = [token for token in tokens(text) if token.word[0].isalnum()]
    words = [token.word for token in found]
    numbers = quantities(words)
    counted = {words[i] for each in numbers for i in range(each.start, each.end)}
    is_acted = has_actor and _acts(words)
    day_words = {word for word in words if is_day_word(word)}
    names = {token.word for i, token in enumerate(found) if _is_name(token) and (i or is_acted)} - day_words - counted
    soft = [
        word
        for word in content(words)
        if word not in known_names and word not in {key(name) for name in names | day_words | counted}
    ]
    denial = said.has(said.masked(words, said.NO_NEGATION), said.CORE_NEGATIONS)
    return Wanted(
        soft=frozenset(soft),
        numbers=frozenset((each.low, each.high) for each in numbers),
        days=frozenset(day_words),
        names=frozenset(names - known_names),
        is_denial=denial,
        words=frozenset(words),
        actor=words[0] if is_acted and _is_name(found[0]) else None,
        listed=tuple(token.word for token in tokens(text)),
    )


def _acts(words: list[str]) -> bool:
    """Say whether a text begins with who does something: "Niamh presents", "Omar to send"."""
    after = words[1:2]
    if not after or words[0] in said.DEEDS or is_common(words[0]):
        return False
    return after[0] in ("to", "will") or (after[0].endswith("s") and key(after[0]) != after[0])


def _is_name(token: Token) -> bool:
    return token.text[:1].isupper() and token.word not in _NAMES_THAT_ARE_NONE and not token.text.isupper()


def find_text(wanted: Wanted, share: float = _SHARE) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of sentences that say the text; one that differs in a number, day or name is in its place."""
    least = (
        len(wanted.soft) if len(wanted.soft) <= _ALL_UP_TO and share == _SHARE else math.ceil(share * len(wanted.soft))
    )

    near = max(1, min(least, math.ceil(_NEAR * len(wanted.soft))))

    def find(sentence: Sentence) -> list[Mention]:
        places = [i for i, word in enumerate(sentence.words) if word[:1].isalnum() and key(word) in wanted.soft]
        covered = {key(sentence.words[i]) for i in places}
        if wanted.soft and len(covered) < min(least, near):
            return []
        exact = _exact(sentence, wanted)
        if exact == "same" and len(covered) >= least:
            if not _is_done_by(sentence, places, wanted):
                return []
            span = _span(sentence, places, wanted)
            return [Mention(*span, same=True)] if span else []
        is_near = len(covered) >= near
        if exact == "other" and is_near and places:
            return [Mention(places[0], places[-1] + 1, same=False)]
        return []

    return find


def _is_done_by(sentence: Sentence, places: list[int], wanted: Wanted) -> bool:
    """Say whether who is to do it speaks, or is named before what is done."""
    if wanted.actor is None or wanted.actor in word_list(sentence.speaker or ""):
        return True
    named = [i for i, word in enumerate(sentence.words) if word == wanted.actor]
    return bool(named) and named[0] < min(places, default=0)


def _span(sentence: Sentence, places: list[int], wanted: Wanted) -> tuple[int, int] | None:
    exact = [i for i, word in enumerate(sentence.words) if word in wanted.days or word in wanted.names]
    exact += [
        i
        for each in quantities(sentence.words)
        if (each.low, each.high) in wanted.numbers
        for i in (each.start, each.end - 1)
    ]
    every = sorted([*places, *exact])
    return (every[0], every[-1] + 1) if every else None


def _exact(sentence: Sentence, wanted: Wanted) -> str:
    """Say whether the sentence has every number, day and name (`same`), another in the place of one, or not all."""
    words = set(sentence.words)
    numbers = {(each.low, each.high) for each in quantities(sentence.words)}
    dated, is_dated = _dates(sentence, wanted)
    days_missing = set() if is_dated else wanted.days - words
    speaker = set(word_list(sentence.speaker or ""))
    rates = _rates(list(wanted.listed)) - _rates(sentence.words)
    if rates:
        return "some"
    checks = (
        (wanted.numbers - numbers - dated, numbers - wanted.numbers),
        (days_missing, {word for word in words if is_day_word(word)} - wanted.days),
        (wanted.names - words - speaker, _names(sentence) - wanted.names - wanted.words),
    )
    if not any(missing for missing, _ in checks):
        return "same"
    return "other" if all(other for missing, other in checks if missing) else "some"


def _rates(words: list[str]) -> set[str]:
    """Return how often something is: "twice a year" is not "every month"."""
    made = {word for word in words if word in _HOW_OFTEN}
    return made | {
        words[i + 1]
        for i, word in enumerate(words[:-1])
        if word in ("a", "per", "each", "every") and words[i + 1] in _SPANS
    }


def _dates(sentence: Sentence, wanted: Wanted) -> tuple[set[tuple[float, float]], bool]:
    """Return the numbers of the text that are parts of its days, and whether the sentence names all of these days."""
    said_on = sentence.said_at.date() if sentence.said_at else None
    mine = days(wanted.listed, said_on)
    theirs = {each.best for each in days(sentence.words, said_on) if each.first == each.last}
    if not mine or not all(each.first == each.last and each.best in theirs for each in mine):
        return set(), False
    spans = [wanted.listed[each.start : each.end] for each in mine]
    return {(each.low, each.high) for span in spans for each in quantities(span)}, True


def _names(sentence: Sentence) -> set[str]:
    return {
        token.word for i, token in enumerate(sentence.tokens) if i and _is_name(token) and not is_day_word(token.word)
    }
