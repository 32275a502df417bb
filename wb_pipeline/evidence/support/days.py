"""Days in running text, explicit or against the day on which they were said. What happens on them is not read here."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_WEEKDAYS |= {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4}
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "couple": 2}
_ORDINAL_WORDS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    "twentieth",
)
_SPOKEN_DAYS = {word: number for number, word in enumerate(_ORDINAL_WORDS, start=1)} | {"thirtieth": 30}
_MAY_FOLLOW_A_DAY = frozenset(
    {"", ".", ",", ";", "!", "?", ")", "at", "and", "then", "it", "for", "as", "is", "we", "works"}
)
_TENS = {"twenty": 20, "thirty": 30}
_FUZZY = {
    "early": (1, 10),
    "beginning": (1, 10),
    "start": (1, 10),
    "mid": (11, 20),
    "middle": (11, 20),
    "late": (21, 31),
}


_DAY_WORDS = frozenset({*_MONTHS, *_WEEKDAYS}) | frozenset(
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


def days(words: Sequence[str], said_on: date | None) -> list[Days]:
    """Return the days that a sentence's tokens name; those against another day only where that one is known."""
    if not any(word[0].isdigit() or word in _DAY_WORDS or word in _SPOKEN_DAYS for word in words):
        return []
    found: list[Days] = []
    place = 0
    while place < len(words):
        made = next((m for read in _READERS if (m := read(words, place, said_on)) is not None), None)
        if made is None:
            place += 1
        else:
            found.append(made)
            place = made.end
    return found


def is_day_word(word: str) -> bool:
    """Say whether a word names a month or a weekday in full."""
    return word in _WEEKDAYS or (word in _MONTHS and word not in ("may", "mar", "march"))


def _one(day: date | None, start: int, end: int) -> Days | None:
    return None if day is None else Days(day, day, day, start, end)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _int(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 4 else None  # noqa: PLR2004 - a year


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""


def _iso(words: Sequence[str], place: int, said_on: date | None) -> Days | None:  # noqa: ARG001 - as the others
    if list(words[place + 1 : place + 4 : 2]) == ["-", "-"] and len(words[place]) == 4:  # noqa: PLR2004 - a year
        parts = [_int(_at(words, place + i)) for i in (0, 2, 4)]
        year, month, day = parts
        if year is not None and month is not None and day is not None:
            return _one(_safe(year, month, day), place, place + 5)
    dotted = words[place].split(".")
    if len(dotted) == 3 and all(part.isdigit() for part in dotted) and len(dotted[2]) == 4:  # noqa: PLR2004 - day.month.year
        return _one(_safe(int(dotted[2]), int(dotted[1]), int(dotted[0])), place, place + 1)
    return None


def _slashed(words: Sequence[str], place: int, said_on: date | None) -> Days | None:  # noqa: ARG001 - as the others
    if list(words[place + 1 : place + 4 : 2]) != ["/", "/"]:
        return None
    one, two, year = (_int(_at(words, place + i)) for i in (0, 2, 4))
    if one is None or two is None or year is None:
        return None
    year = year + 2000 if year < 100 else year  # noqa: PLR2004 - two digits
    meant = [day for day in (_safe(year, two, one), _safe(year, one, two)) if day]
    if not meant:
        return None
    # 03/04 is two days: neither is said plainly.
    return Days(min(meant), max(meant), meant[0], place, place + 5) if len(set(meant)) == 1 else None


def _month_and_day(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    """Read `27 March`, `the 27th of March 2026`, `March 27, 2026`."""
    day, month, end = None, None, place
    number, after_number = _day_number(words, place)
    if number is not None:
        end = after_number
        end += _at(words, end) == "of"
        end += _at(words, end) == "."
        day, month = number, _MONTHS.get(_at(words, end))
        end += 1
    elif words[place] in _MONTHS:
        end = place + 1
        end += _at(words, end) in (".", "the")
        day, end = _day_number(words, end)
        month = _MONTHS[words[place]]
    if day is None or month is None or not 1 <= day <= 31:  # noqa: PLR2004 - days of a month
        return None
    after = end + (_at(words, end) == ",")
    year = _int(_at(words, after))
    if year is not None and 2000 <= year < 2200:  # noqa: PLR2004 - years that are dates
        return _one(_safe(year, month, day), place, after + 1)
    return _one(_near(month, day, said_on), place, end)


def _day_number(words: Sequence[str], place: int) -> tuple[int | None, int]:
    """Return a day of a month, in digits or spelled out, and where it ends: `13th`, `twenty-first`."""
    number = _int(_at(words, place))
    if number is not None and 1 <= number <= 31:  # noqa: PLR2004 - days of a month
        return number, place + 1 + (_at(words, place + 1) in _ORDINALS)
    if _at(words, place) in _TENS:
        unit = place + 1 + (_at(words, place + 1) == "-")
        small = _SPOKEN_DAYS.get(_at(words, unit), 10)
        if small < 10:  # noqa: PLR2004 - twenty-first to twenty-ninth
            return _TENS[words[place]] + small, unit + 1
    spoken = _SPOKEN_DAYS.get(_at(words, place))
    return spoken, place + 1


def _near(month: int, day: int, said_on: date | None) -> date | None:
    """Return the day without its year: the next one, or one of the last months where the past was meant."""
    if said_on is None:
        return None
    this = _safe(said_on.year, month, day)
    if this is not None and (said_on - this).days > 120:  # noqa: PLR2004 - further back nobody leaves out the year
        return _safe(said_on.year + 1, month, day)
    return this


def _the_13th(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    number, end = _day_number(words, place)
    is_digits = words[place].isdigit()
    if said_on is None or number is None or (is_digits and _at(words, place + 1) not in _ORDINALS):
        return None
    if not is_digits and not (_at(words, place - 1) == "the" and _at(words, end) in _MAY_FOLLOW_A_DAY):
        return None  # "the fifth user"
    month = said_on.replace(day=1)
    for _ in range(3):
        day = _safe(month.year, month.month, number)
        if day is not None and day >= said_on:
            return _one(day, place, end)
        month = (month + timedelta(days=32)).replace(day=1)
    return None


def _weekday(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    lead = words[place] if words[place] in ("next", "this", "coming", "last") else ""
    name = _at(words, place + 1) if lead else words[place]
    if said_on is None or name not in _WEEKDAYS or lead == "last":
        return None
    end = place + 1 + bool(lead)
    after = [_at(words, end + i) for i in range(4)]
    is_date_next = after[0].isdigit() and (after[1] in _MONTHS or after[1] in _ORDINALS)
    if is_date_next or (after[0] in (",", "the") and any(word.isdigit() or word in _SPOKEN_DAYS for word in after)):
        return None  # "Friday, 27 March": the number says it.
    ahead = (_WEEKDAYS[name] - said_on.weekday()) % 7 or 7
    near = said_on + timedelta(days=ahead)
    if lead != "next" or near.isocalendar().week != said_on.isocalendar().week:
        return _one(near, place, end)
    # Said on a Monday, "next Friday" may be either.
    far = near + timedelta(days=7)
    return Days(near, far, far, place, end)


def _relative(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    if said_on is None:
        return None
    word = words[place]
    if word in ("today", "tonight"):
        return _one(said_on, place, place + 1)
    if word == "tomorrow":
        return _one(said_on + timedelta(days=1), place, place + 1)
    if list(words[place : place + 3]) == ["day", "after", "tomorrow"]:
        return _one(said_on + timedelta(days=2), place, place + 3)
    return _in_some_time(words, place, said_on)


def _in_some_time(words: Sequence[str], place: int, said_on: date) -> Days | None:
    """Read `in two weeks`, `within 10 days`, `two weeks from now`."""
    start, at = place, place
    if words[place] in ("in", "within"):
        at += 1 + (_at(words, place + 1) == "a" and _at(words, place + 2) == "couple")
    count = _int(_at(words, at)) or _COUNTS.get(_at(words, at))
    at += 1 + (_at(words, at + 1) == "of")
    unit = _at(words, at).rstrip("s")
    is_told = words[start] in ("in", "within") or list(words[at + 1 : at + 3]) in (["from", "now"], ["from", "today"])
    if not count or count > 60 or unit not in ("day", "week", "month") or not is_told:  # noqa: PLR2004 - years are no deadline
        return None
    end = at + 1 if words[start] in ("in", "within") else at + 3
    return _one(_later(said_on, count, unit), place, end)


def _later(day: date, count: int, unit: str) -> date:
    if unit != "month":
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.month - 1 + count
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _period(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    """Read `end of Q3`, `mid-April`, `by year end`, `in June`, `this quarter`, `next week`, `week of 9 March`."""
    at, part = place, ""
    if words[at] in ("end", "ends") or words[at] in _FUZZY:
        part = "end" if words[at] in ("end", "ends") else words[at]
        at += 1
        while _at(words, at) in ("of", "the", "-"):
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
    if _at(words, end) == "end":
        part, end = "end", end + 1
    return Days(last, last, last, place, end) if part == "end" else Days(first, last, last, place, end)


def _span(words: Sequence[str], at: int, said_on: date | None) -> tuple[date, date, int] | None:
    word, lead = _at(words, at), ""
    if word in ("this", "next", "the", "our", "current"):
        lead, at = word, at + 1
        at += _at(words, at) in ("fiscal", "financial", "calendar")
        word = _at(words, at)
    if word == "q" and _at(words, at + 1) in ("1", "2", "3", "4"):
        return _quarter(int(words[at + 1]), words, at + 2, said_on)
    if word in _MONTHS and lead in ("", "this", "next"):
        return _month(_MONTHS[word], words, at + 1, said_on)
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
    year = _int(_at(words, at))
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


_READERS = (_iso, _slashed, _month_and_day, _the_13th, _weekday, _relative, _period)
