"""How a sentence means what it says at one place: plainly, denied, with a reserve, asked, past, or of somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from wb_pipeline.evidence.support import phrases as said
from wb_pipeline.normalize.word_tables import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wb_pipeline.evidence.support.caution import Kind
    from wb_pipeline.evidence.support.sentence import Sentence

Stance = Literal["plain", "denied", "hedged", "asked", "past", "others", "requested", "unsaid"]
_BREAKS = frozenset({"but", "however", "although", "though", "while", "whereas", "yet", ";", ":", "so", "because"})
_DEPARTED = word_set(
    "replaced replacing swapped swapping switched switching migrated migrating moved moving changed changing upgraded "
    "transitioned transitioning"
)
_TAG = re.compile(r",\s*(?:okay|ok|alright|all right|would you|will you|could you|please)\?\W*$", re.IGNORECASE)
"""What turns an announcement or a request into a question, and asks nothing."""
_PRONOUNS = frozenset({"it", "that", "this", "they", "them", "him", "her", "those", "which", "both", "each"})
_MONTH_BEFORE = frozenset(
    {"in", "of", "by", "until", "till", "end", "early", "mid", "late", "since", "before", "on", "from"}
)


class Tolerance(NamedTuple):
    """What does not count as a reserve for a kind of value: a wish is enough for a next step, an estimate for a range.

    `ignore` are words of the value. `keeps_span`: between the words of the value others may stand, which count.
    `sellers`: our own side's words count as well. `facts`: what is only planned is not so yet. `prices`: what is too
    much is a no, and other sums are not meant. `days`: a plan to sign is no commitment. `kind`: for the second
    look (`caution`).
    """

    wishes: bool = False
    estimates: bool = False
    past: bool = False
    ignore: frozenset[str] = frozenset()
    keeps_span: bool = False
    sellers: bool = False
    facts: bool = False
    prices: bool = False
    days: bool = False
    kind: Kind = ""


STRICT = Tolerance()


def stance(sentence: Sentence, start: int, end: int, tolerance: Tolerance = STRICT) -> Stance:
    """Return how tokens `start` to `end` of a sentence are meant; the words of the value itself are no signal."""
    words = _signals(sentence, start, end, tolerance)
    low, high = _part(words, start, end)
    part = words[low:high]
    if said.has(words, said.OTHERS) and _is_of_others(words, part, low, start):
        return "others"
    if tolerance.prices and said.has(part, said.OTHER_SUMS):
        return "others"
    if _reserve(words, low, high):
        return "hedged"
    is_left = sentence.words[start - 1 : start] == ["from"] and bool(_DEPARTED & set(sentence.words))
    if is_left or _denied(words, low, high, start, end) or (tolerance.prices and said.has(part, said.TOO_DEAR)):
        return "denied"
    if sentence.is_question and not (tolerance.wishes and _TAG.search(sentence.text)):
        return "requested" if _is_request(sentence.words) else "asked"
    return _of_time(part, tolerance)


def _of_time(part: Sequence[str], tolerance: Tolerance) -> Stance:
    """Return whether what is said is so, was so, or is only to come."""
    if (tolerance.facts and said.has(part, said.FUTURE)) or (tolerance.days and said.has(part, said.PLANS)):
        return "hedged"
    return "past" if not tolerance.past and said.has(part, said.PAST) else "plain"


def _signals(sentence: Sentence, start: int, end: int, tolerance: Tolerance) -> list[str]:
    """Return the words with what is no signal blanked out: the value, the month of May, harmless idioms, wishes."""
    words = list(sentence.words)
    if not tolerance.keeps_span:
        words[start:end] = ["_"] * (end - start)
    for place, token in enumerate(sentence.tokens):
        if token.text == "May" and (place == 0 or words[place - 1] in _MONTH_BEFORE or words[place - 1][:1].isdigit()):
            words[place] = "_"
    harmless = [said.NO_NEGATION, said.NO_CONDITION]
    if tolerance.wishes:
        harmless.append(said.WISHES)
    if tolerance.estimates:
        harmless.append(said.ESTIMATES)
    if tolerance.kind == "rival":
        harmless.append(said.RIVALRY)
    made = said.masked(words, *harmless)
    if start and words[start - 1] in ("with", "to", "by", "onto") and _DEPARTED & set(words[:start]):
        # "We replaced the old one with this": what is left is the other one.
        made[:start] = [
            "" if word in _DEPARTED or word in ("from", "away", "off", "of") else word for word in made[:start]
        ]
    return ["" if word in tolerance.ignore else word for word in made]


def _is_request(words: Sequence[str]) -> bool:
    """Say whether a question asks for a deed: "could you send", not "could you handle"."""
    if said.has(words, said.REQUESTS):
        return True
    return any(said.DEEDS & set(words[end : end + 2]) for _, end in said.places(words, said.ASKED_FOR))


def _part(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Return the part of the sentence around a place, between words such as `but`."""
    low = next((i + 1 for i in range(start - 1, -1, -1) if words[i] in _BREAKS), 0)
    high = next((i for i in range(end, len(words)) if words[i] in _BREAKS), len(words))
    return low, high


def _reserve(words: Sequence[str], low: int, high: int) -> bool:
    """Say whether the part is hedged, or a condition stands anywhere in the sentence, or the rest takes it back."""
    part = words[low:high]
    if said.has(part, said.HEDGES) or said.has(words, said.CONDITIONS):
        return True
    rest = words[high:]
    return said.has(words[low:], said.TAKEN_BACK) or said.has(_first_words(rest), said.HEDGES)


def _first_words(rest: Sequence[str]) -> Sequence[str]:
    """Return the next part if it speaks of what was just said, by a pronoun."""
    part = rest[1 : 1 + _clause_length(rest[1:])]
    return part if any(word in _PRONOUNS for word in part[:3]) else ()


def _clause_length(words: Sequence[str]) -> int:
    return next((i for i, word in enumerate(words) if word in _BREAKS), len(words))


def _denied(words: Sequence[str], low: int, high: int, start: int, end: int) -> bool:
    """Say whether the clause at the place is denied, or a later one denies what it speaks of."""
    part_low = max((i + 1 for i in range(low, start) if words[i] == ","), default=low)
    part_high = next((i for i in range(end, high) if words[i] == ","), high)
    # "No, we use it": an answer's no stands before a comma and denies what was asked.
    if said.has(words[part_low:part_high], said.NEGATIONS):
        return True
    if part_low > low and said.has(words[low:part_low], said.NEGATIONS) and _runs_on(words, part_low):
        return True
    rest = words[part_high:]
    return bool(rest) and said.has(_first_words(rest), said.NEGATIONS)


def _runs_on(words: Sequence[str], part_low: int) -> bool:
    """Say whether the part after a comma goes on without a subject of its own: "not Monday, Tuesday or Friday"."""
    head = [word for word in words[part_low : part_low + 2] if word]
    subjects = {
        "we",
        "i",
        "it",
        "they",
        "he",
        "she",
        "you",
        "and",
        "just",
        "please",
        "the",
        "our",
        "that",
        "this",
        "let",
    }
    return bool(head) and head[0] in {"or", "nor", "neither"} and not subjects & set(head)


def _is_of_others(words: Sequence[str], part: Sequence[str], low: int, start: int) -> bool:
    before = words[low:start]
    return said.has(before, said.OTHERS) or (said.has(part, said.OTHERS) and not {"we", "our", "i"} & set(before))
