"""The words that name days, and what several readers of days need: the words' numbers, days that exist. No reading."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
WEEKDAYS |= {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4}
ORDINALS = frozenset({"st", "nd", "rd", "th"})
_ORDINAL_WORDS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    "twentieth",
)
SPOKEN_DAYS = {word: number for number, word in enumerate(_ORDINAL_WORDS, start=1)} | {"thirtieth": 30}
_TENS = {"twenty": 20, "thirty": 30}
DAY_WORDS = frozenset({*MONTHS, *WEEKDAYS}) | frozenset(
    {
        "today",
        "tonight",
        "tomorrow",
        "day",
        "week",
        "weeks",
        "days",
        "month",
        "months",
        "year",
        "quarter",
        "eoy",
        "eoq",
        "eom",
    }
)


class Days(NamedTuple):
    """The days from `first` to `last` at tokens `start` to `end`; `best` is the one that is meant if one has to be."""

    first: date
    last: date
    best: date
    start: int
    end: int


def is_day_word(word: str) -> bool:
    """Say whether a word names a month or a weekday in full."""
    return word in WEEKDAYS or (word in MONTHS and word not in ("may", "mar", "march"))


def one_day(day: date | None, start: int, end: int) -> Days | None:
    """Return one day as what tokens name; None where there is no such day."""
    return None if day is None else Days(day, day, day, start, end)


def day_or_none(year: int, month: int, day: int) -> date | None:
    """Return a day; None for one that no calendar has."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def whole(word: str) -> int | None:
    """Return the number that a word of up to four digits is."""
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 4 else None  # noqa: PLR2004 - a year


def word_at(words: Sequence[str], place: int) -> str:
    """Return the word at a place; empty before the first and after the last one."""
    return words[place] if 0 <= place < len(words) else ""


def day_number(words: Sequence[str], place: int) -> tuple[int | None, int]:
    """Return a day of a month, in digits or spelled out, and where it ends: `13th`, `twenty-first`."""
    number = whole(word_at(words, place))
    if number is not None and 1 <= number <= 31:  # noqa: PLR2004 - days of a month
        return number, place + 1 + (word_at(words, place + 1) in ORDINALS)
    if word_at(words, place) in _TENS:
        unit = place + 1 + (word_at(words, place + 1) == "-")
        small = SPOKEN_DAYS.get(word_at(words, unit), 10)
        if small < 10:  # noqa: PLR2004 - twenty-first to twenty-ninth
            return _TENS[words[place]] + small, unit + 1
    spoken = SPOKEN_DAYS.get(word_at(words, place))
    return spoken, place + 1
