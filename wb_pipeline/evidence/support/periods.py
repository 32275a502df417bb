"""Weeks, months, quarters and years in running text, and their early, middle and late days. No single days."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wb_pipeline.evidence.support.day_words import MONTHS, Days, whole, word_at

if TYPE_CHECKING:
    from collections.abc import Sequence

_FUZZY = {
    "early": (1, 10),
    "beginning": (1, 10),
    "start": (1, 10),
    "mid": (11, 20),
    "middle": (11, 20),
    "late": (21, 31),
}


def read_period(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    """Read `end of Q3`, `mid-April`, `by year end`, `in June`, `this quarter`, `next week`, `week of 9 March`."""
    at, part = place, ""
    if words[at] in ("end", "ends") or words[at] in _FUZZY:
        part = "end" if words[at] in ("end", "ends") else words[at]
        at += 1
        while word_at(words, at) in ("of", "the", "-"):
            at += 1
    span = _span(words, at, said_on)
    if span is None:
        return None
    first, last, end = span
    if part in _FUZZY:
        if (last - first).days > 31:  # noqa: PLR2004 - of a quarter nobody knows what its middle is
            return Days(first, last, last, place, end)
        low, high = _FUZZY[part]
        first, last = first + timedelta(days=low - 1), min(last, first + timedelta(days=high - 1))
        return Days(first, last, first + (last - first) / 2, place, end)
    if word_at(words, end) == "end":
        part, end = "end", end + 1
    return Days(last, last, last, place, end) if part == "end" else Days(first, last, last, place, end)


def _span(words: Sequence[str], at: int, said_on: date | None) -> tuple[date, date, int] | None:
    word, lead = word_at(words, at), ""
    if word in ("this", "next", "the", "our", "current"):
        lead, at = word, at + 1
        at += word_at(words, at) in ("fiscal", "financial", "calendar")
        word = word_at(words, at)
    if word == "q" and word_at(words, at + 1) in ("1", "2", "3", "4"):
        return _quarter(int(words[at + 1]), words, at + 2, said_on)
    if word in MONTHS and lead in ("", "this", "next"):
        return _month(MONTHS[word], words, at + 1, said_on)
    if said_on is None or (not lead and word not in ("year", "month", "quarter", "eoy", "eoq", "eom")):
        return None
    return _from_now(word, lead == "next", at + 1, said_on)


def _quarter(number: int, words: Sequence[str], at: int, said_on: date | None) -> tuple[date, date, int] | None:
    year, end = _year(words, at, said_on)
    if year is None:
        return None
    if said_on is not None and end == at and number * 3 < said_on.month:
        year += 1
    return date(year, number * 3 - 2, 1), _month_end(year, number * 3), end


def _month(number: int, words: Sequence[str], at: int, said_on: date | None) -> tuple[date, date, int] | None:
    year, end = _year(words, at, said_on)
    if year is None:
        return None
    if said_on is not None and end == at and number < said_on.month:
        year += 1
    return date(year, number, 1), _month_end(year, number), end


def _year(words: Sequence[str], at: int, said_on: date | None) -> tuple[int | None, int]:
    year = whole(word_at(words, at))
    if year is not None and 2000 <= year < 2200:  # noqa: PLR2004 - years that are dates
        return year, at + 1
    return (said_on.year if said_on else None), at


def _from_now(word: str, is_next: bool, end: int, said_on: date) -> tuple[date, date, int] | None:  # noqa: FBT001 - one caller
    if word in ("year", "eoy"):
        year = said_on.year + is_next
        return date(year, 1, 1), date(year, 12, 31), end
    if word in ("month", "eom"):
        first = (said_on.replace(day=1) + timedelta(days=32 * is_next)).replace(day=1)
        return first, _month_end(first.year, first.month), end
    if word in ("quarter", "eoq"):
        number = (said_on.month - 1) // 3 + 1 + is_next
        year, number = said_on.year + (number > 4), (number - 1) % 4 + 1  # noqa: PLR2004 - quarters of a year
        return date(year, number * 3 - 2, 1), _month_end(year, number * 3), end
    if word == "week":
        monday = said_on - timedelta(days=said_on.weekday()) + timedelta(days=7 * is_next)
        return monday, monday + timedelta(days=4), end
    return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
