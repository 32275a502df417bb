"""Which option of a picklist a text stands for: itself, a vendor's word, a number in its range (FLD-5). No rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.normalize.text import normalize_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CACHED_LISTS = 1_024
# A value is a word or two: what is longer is compared by its beginning, so that time stays bounded.
_COMPARED_LENGTH = 80
_LONGEST_WORD = 500
_MOST_NEAREST = 3
# How alike two spellings have to be to be named beside each other (0 to 1); below, a hint misleads.
_LEAST_LIKENESS = 0.5
_LETTER = re.compile(r"[^\W\d_]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_RANGE = re.compile(
    r"(?P<low>[0-9]{1,9})(?: ?(?:-|\u2013|\u2014|to) ?(?P<high>[0-9]{1,9})| ?(?P<open>\+))?"
    r"(?: ?(?:employees|people|staff|fte))?",
    re.IGNORECASE,
)


class Range(NamedTuple):
    """An option that is a range of whole numbers; `high` None = no end."""

    low: int
    high: int | None
    option: str


@dataclass(frozen=True, slots=True)
class Picklist:
    """The options of a field, the words that stand for one by their spelling, and those options that are ranges."""

    options: frozenset[str]
    words: Mapping[str, str]
    ranges: tuple[Range, ...]

    def find(self, given: str) -> str | None:
        """Return the option that a normalized text stands for, or None.

        An option stands for itself, letter by letter; a word of the policy is known in any spelling.
        """
        if given in self.options:
            return given
        known = self.words.get(spelling(given)) if len(given) <= _LONGEST_WORD else None
        return known if known is not None else self._in_range(given)

    def nearest(self, given: str) -> list[str]:
        """Return up to three options whose spelling, or a word that stands for them, looks most like the text."""
        spellings = {**self.words, **_spellings((option, option) for option in self.options)}
        alike = get_close_matches(spelling(given[:_COMPARED_LENGTH]), spellings, 2 * _MOST_NEAREST, _LEAST_LIKENESS)
        return list(dict.fromkeys(spellings[each] for each in alike))[:_MOST_NEAREST]

    def _in_range(self, given: str) -> str | None:
        """Return the one option that holds a number, or a whole range of a vendor's own."""
        asked = _range(given) if self.ranges else None
        if asked is None:
            return None
        low, high = asked
        holding = [
            each.option
            for each in self.ranges
            if each.low <= low and (each.high is None or (high is not None and high <= each.high))
        ]
        return holding[0] if len(holding) == 1 else None


@lru_cache(maxsize=_CACHED_LISTS)
def picklist(options: frozenset[str], words: frozenset[tuple[str, str]] = frozenset()) -> Picklist:
    """Return the picklist with the words that stand for its options. A spelling of two options stands for none."""
    ranges = ((_range(option), option) for option in sorted(options) if not option.isdecimal())
    return Picklist(
        options,
        _spellings((word, option) for word, option in words if option in options),
        tuple(Range(*found, option) for found, option in ranges if found is not None),
    )


def _spellings(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    meant: dict[str, set[str]] = {}
    for text, option in pairs:
        meant.setdefault(spelling(text), set()).add(option)
    return {text: min(known) for text, known in meant.items() if len(known) == 1}


def spelling(text: str) -> str:
    """Return a text without case, separators and `&`: `Food & Beverage`, `FOOD_AND_BEVERAGE` are one.

    Without a letter it stays as it is: 1-10 is not 110.
    """
    plain = normalize_text(text)
    if not _LETTER.search(plain):
        return plain
    return _BETWEEN_WORDS.sub("", plain.replace("&", " and ").casefold())


def _range(text: str) -> tuple[int, int | None] | None:
    found = _RANGE.fullmatch(_THOUSANDS.sub("", text[:_COMPARED_LENGTH]))
    if found is None:
        return None
    low = int(found["low"])
    high = None if found["open"] else int(found["high"] or low)
    return None if high is not None and high < low else (low, high)
