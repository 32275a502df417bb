"""A second, stricter look at a sentence that seems to say a value plainly: it can only refuse. The first: `stance`.

The words around the value are read as one line in which the value is `_v_`. The wordings that keep a line from being a
plain statement stand in `words/reserves.txt`, by families; whom a line speaks of is read from its pronouns.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from wb_pipeline.evidence.support.wordings import families

if TYPE_CHECKING:
    from wb_pipeline.evidence.support.sentence import Sentence

Kind = Literal["", "amount", "number", "headcount", "day", "title", "contact", "tool", "rival", "name", "text"]
"""What is claimed: a family of reserve counts for some kinds only. A value of no kind gets no second look."""
Refusal = Literal["hedged", "denied", "past", "others"]

_MARK = "_v_"
_SILENT_SIGNS = frozenset({",", ".", "!"})

_OURS = re.compile(r"(?:^| )(?:we|i|our|us|my|me|ours|mine|myself|ourselves)(?= |$)")
_THEIRS = re.compile(r"(?:^| )(?:he|she|they|his|her|their|him|them|you|your|yours|theirs)(?= |$)")
_OF_A_SELLER = re.compile(
    r"(?:^| )(?:you|your|they|their|he|she|vendor|supplier|rival|competitor|incumbent|agency|quoted) (?:\w+ ){0,4}"
    r"(?:_v_|quoted|charge|charges|charged|wanted|want|asked|offered|sent|proposed|price|quote|number)"
)
_STATEMENTS = frozenset({"tool", "headcount", "amount", "number", "title"})
_SUMS = frozenset({"amount", "number"})
_BREAKS = (":", "but", "however", "although", "though", "while", "whereas", ";", "because", "-", "(")


class _Family(NamedTuple):
    """Wordings of one reserve, and the kinds of value for which they are one."""

    how: Refusal
    kinds: frozenset[str]
    wordings: re.Pattern[str]


def second_look(sentence: Sentence, start: int, end: int, kind: Kind) -> Refusal | None:
    """Return why the words around tokens `start` to `end` are no plain statement of a value; None where they are."""
    if not kind:
        return None
    line = _line(sentence, start, end)
    for family in _families():
        if kind in family.kinds and family.wordings.search(line):
            return family.how
    return "others" if _is_of_somebody(line, kind) else None


def _line(sentence: Sentence, start: int, end: int) -> str:
    words = [_MARK if place == start else word for place, word in enumerate(sentence.words) if not start < place < end]
    return " ".join(word for word in words if word not in _SILENT_SIGNS)


def _is_of_somebody(line: str, kind: Kind) -> bool:
    """Say whether the words up to the value speak of others only: "they pay", "your price of"."""
    part = line.partition(_MARK)[0]
    for sign in _BREAKS:
        part = part.rpartition(f" {sign} ")[2]
    if kind in _SUMS and _OF_A_SELLER.search(part + _MARK):
        return True
    return kind in _STATEMENTS and bool(_THEIRS.search(part)) and not _OURS.search(part)


@cache
def _families() -> tuple[_Family, ...]:
    made = []
    for head, pattern in families("reserves"):
        how, _, kinds = head.partition(": ")
        made.append(_Family(cast("Refusal", how), frozenset(kinds.split()), pattern))
    return tuple(made)
