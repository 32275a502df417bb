"""Days named against the one on which they were said: `the 13th`, `next Friday`, `in two weeks`. Periods: `periods`."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wb_pipeline.evidence.support.day_words import (
    MONTHS,
    ORDINALS,
    SPOKEN_DAYS,
    WEEKDAYS,
    Days,
    day_number,
    day_or_none,
    one_day,
    whole,
    word_at,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "couple": 2}
_MAY_FOLLOW_A_DAY = frozenset(
    {"", ".", ",", ";", "!", "?", ")", "at", "and", "then", "it", "for", "as", "is", "we", "works"}
)


def read_day_of_month(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    """Read `the 13th` and `the thirteenth`: the next day of that number."""
    number, end = day_number(words, place)
    is_digits = words[place].isdigit()
    if said_on is None or number is None or (is_digits and word_at(words, place + 1) not in ORDINALS):
        return None
    if not is_digits and not (word_at(words, place - 1) == "the" and word_at(words, end) in _MAY_FOLLOW_A_DAY):
        return None  # "the fifth user"
    month = said_on.replace(day=1)
    for _ in range(3):
        day = day_or_none(month.year, month.month, number)
        if day is not None and day >= said_on:
            return one_day(day, place, end)
        month = (month + timedelta(days=32)).replace(day=1)
    return None


def read_weekday(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    """Read `Friday`, `this Friday`, `next Friday`: ahead of the day on which it was said."""
    lead = words[place] if words[place] in ("next", "this", "coming", "last") else ""
    name = word_at(words, place + 1) if lead else words[place]
    if said_on is None or name not in WEEKDAYS or lead == "last":
        return None
    end = place + 1 + bool(lead)
    after = [word_at(words, end + i) for i in range(4)]
    is_date_next = after[0].isdigit() and (after[1] in MONTHS or after[1] in ORDINALS)
    if is_date_next or (after[0] in (",", "the") and any(word.isdigit() or word in SPOKEN_DAYS for word in after)):
        return None  # "Friday, 27 March": the number says it.
    ahead = (WEEKDAYS[name] - said_on.weekday()) % 7 or 7
    near = said_on + timedelta(days=ahead)
    if lead != "next" or near.isocalendar().week != said_on.isocalendar().week:
        return one_day(near, place, end)
    # Said on a Monday, "next Friday" may be either.
    far = near + timedelta(days=7)
    return Days(near, far, far, place, end)


def read_relative(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    """Read `today`, `tomorrow`, `the day after tomorrow`, `in two weeks`."""
    if said_on is None:
        return None
    word = words[place]
    if word in ("today", "tonight"):
        return one_day(said_on, place, place + 1)
    if word == "tomorrow":
        return one_day(said_on + timedelta(days=1), place, place + 1)
    if list(words[place : place + 3]) == ["day", "after", "tomorrow"]:
        return one_day(said_on + timedelta(days=2), place, place + 3)
    return _in_some_time(words, place, said_on)


def _in_some_time(words: Sequence[str], place: int, said_on: date) -> Days | None:
    """Read `in two weeks`, `within 10 days`, `two weeks from now`."""
    start, at = place, place
    if words[place] in ("in", "within"):
        at += 1 + (word_at(words, place + 1) == "a" and word_at(words, place + 2) == "couple")
    count = whole(word_at(words, at)) or _COUNTS.get(word_at(words, at))
    at += 1 + (word_at(words, at + 1) == "of")
    unit = word_at(words, at).rstrip("s")
    is_told = words[start] in ("in", "within") or list(words[at + 1 : at + 3]) in (["from", "now"], ["from", "today"])
    if not count or count > 60 or unit not in ("day", "week", "month") or not is_told:  # noqa: PLR2004 - years are no deadline
        return None
    end = at + 1 if words[start] in ("in", "within") else at + 3
    return one_day(_later(said_on, count, unit), place, end)


def _later(day: date, count: int, unit: str) -> date:
    if unit != "month":
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.month - 1 + count
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
