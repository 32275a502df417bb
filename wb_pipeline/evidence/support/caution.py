"""A second, stricter look at a sentence that seems to say a value plainly: it can only refuse. The first: `stance`.

The words around the value are read as one line in which the value is `_v_`. The wordings that keep a line from being a
plain statement stand in `words/reserves.txt`, by families; whom a line speaks of is read from its pronouns.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from wb_pipeline.evidence.support import phrases as said
from wb_pipeline.evidence.support.wordings import families

if TYPE_CHECKING:
    from wb_pipeline.evidence.support.sentence import Sentence

Kind = Literal[
    "", "amount", "number", "headcount", "day", "title", "contact", "tool", "rival", "name", "text", "stage", "champion"
]
"""What is claimed: a family of reserve counts for some kinds only. A value of no kind gets no second look."""
Refusal = Literal["hedged", "denied", "past", "others", "unsaid"]

_MARK = "_v_"
_SILENT_SIGNS = frozenset({",", ".", "!"})

_OURS = re.compile(r"(?:^| )(?:we|i|our|us|my|me|ours|mine|myself|ourselves)(?= |$)")
_THEIRS = re.compile(r"(?:^| )(?:he|she|they|his|her|their|him|them|you|your|yours|theirs)(?= |$)")
_OF_A_SELLER = re.compile(
    r"(?:^| )(?:(?:your|their|his|her|vendor|supplier|rival|competitor|incumbent|agency|quoted) (?:\w+ ){0,3}_v_|"
    r"(?:you|they|he|she|vendor|supplier|rival|competitor|incumbent|agency) (?:\w+ ){0,4}"
    r"(?:quoted|charge|charges|charged|wanted|want|asked|offered|sent|proposed|price|quote|number))"
)
_AGREES = re.compile(
    r"(?:^| )(?:accept|accepted|agree to|agreed to|agree with|approved|ordered|order at|order against|hereby|as per|"
    r"acc to|according to|good with|happy with|fine with|(?:go|going) ahead (?:at|with|for)|proceed (?:at|with))(?= |$)"
)
_SHORT = 5
"""Words of a line that may be an answer without a verb."""
# "Procurement came back, they booked": those who release a sum or sign for it are the buyer's own.
_WE_BY_THEY = re.compile(
    r"(?:^| )they (?:have )?(?:booked|approved|released|signed|agreed|cleared|granted|allocated)(?= |$)"
)
_STATEMENTS = frozenset({"tool", "headcount", "amount", "number", "title"})
_SUMS = frozenset({"amount", "number"})
_BREAKS = (":", "but", "however", "although", "though", "while", "whereas", ";", "because", "-", "(")


class _Family(NamedTuple):
    """Wordings of one reserve, and the kinds of value for which they are one."""

    how: Refusal
    kinds: frozenset[str]
    wordings: re.Pattern[str]


def second_look(
    sentence: Sentence, start: int, end: int, kind: Kind, *, own: frozenset[str] = frozenset()
) -> Refusal | None:
    """Return why the words around tokens `start` to `end` are no plain statement of a value; None where they are.

    `own` are the words of a text that is claimed: between them others may stand, which count.
    """
    if not kind:
        return None
    line = _line(sentence, start, end, own)
    for family in _families():
        if kind in family.kinds and family.wordings.search(line):
            return family.how
    if _is_of_somebody(line, kind):
        return "others"
    return None if _is_statement(line, sentence, kind) else "unsaid"


def _is_statement(line: str, sentence: Sentence, kind: Kind) -> bool:
    """Say whether the line is a statement that can carry such a value, or a short answer to a question about it."""
    wanted = _statements().get(kind)
    is_listed = sentence.kind in ("signature", "field")
    return wanted is None or is_listed or len(line.split()) <= _SHORT or bool(wanted.search(line))


def _line(sentence: Sentence, start: int, end: int, own: frozenset[str] = frozenset()) -> str:
    words = said.masked(sentence.words, said.NO_NEGATION, said.NO_CONDITION)
    inside = ["" if word in own else word for word in words[start + 1 : end]] if own else []
    line = [*words[:start], _MARK, *inside, *words[end:]]
    return " ".join(word for word in line if word and word not in _SILENT_SIGNS)


def _is_of_somebody(line: str, kind: Kind) -> bool:
    """Say whether the words up to the value speak of others only: "they pay", "your price of"."""
    part = line.partition(_MARK)[0]
    for sign in _BREAKS:
        part = part.rpartition(f" {sign} ")[2]
    if kind in _SUMS and _AGREES.search(part):
        return False
    if kind in _SUMS and _OF_A_SELLER.search(part + _MARK):
        return True
    if _WE_BY_THEY.search(part):
        return False
    return kind in _STATEMENTS and bool(_THEIRS.search(part)) and not _OURS.search(part)


@cache
def _statements() -> dict[str, re.Pattern[str]]:
    return {kind: pattern for head, pattern in families("statements") for kind in head.split()}


@cache
def _families() -> tuple[_Family, ...]:
    made = []
    for head, pattern in families("reserves"):
        how, _, kinds = head.partition(": ")
        made.append(_Family(cast("Refusal", how), frozenset(kinds.split()), pattern))
    return tuple(made)
