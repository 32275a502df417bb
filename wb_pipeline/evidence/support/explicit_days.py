"""Days that a text names by their numbers, with or without the year: `2026-03-27`, `27 March`. No weekdays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.evidence.support.day_words import MONTHS, Days, day_number, day_or_none, one_day, whole, word_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


def read_iso_or_dotted(words: Sequence[str], place: int, said_on: date | None) -> Days | None:  # noqa: ARG001 - as the others
    """Read `2026-03-27` and `27.3.2026`."""
    if list(words[place + 1 : place + 4 : 2]) == ["-", "-"] and len(words[place]) == 4:  # noqa: PLR2004 - a year
        parts = [whole(word_at(words, place + i)) for i in (0, 2, 4)]
        year, month, day = parts
        if year is not None and month is not None and day is not None:
            return one_day(day_or_none(year, month, day), place, place + 5)
    dotted = words[place].split(".")
    if len(dotted) == 3 and all(part.isdigit() for part in dotted) and len(dotted[2]) == 4:  # noqa: PLR2004 - day.month.year
        return one_day(day_or_none(int(dotted[2]), int(dotted[1]), int(dotted[0])), place, place + 1)
    return None


def read_slashed(words: Sequence[str], place: int, said_on: date | None) -> Days | None:  # noqa: ARG001 - as the others
    """Read `27/3/2026`, unless it may be another day as well."""
    if list(words[place + 1 : place + 4 : 2]) != ["/", "/"]:
        return None
    one, two, year = (whole(word_at(words, place + i)) for i in (0, 2, 4))
    if one is None or two is None or year is None:
        return None
    year = year + 2000 if year < 100 else year  # noqa: PLR2004 - two digits
    meant = [day for day in (day_or_none(year, two, one), day_or_none(year, one, two)) if day]
    if not meant:
        return None
    # 03/04 is two days: neither is said plainly.
    return Days(min(meant), max(meant), meant[0], place, place + 5) if len(set(meant)) == 1 else None


def read_month_and_day(words: Sequence[str], place: int, said_on: date | None) -> Days | None:
    """Read `27 March`, `the 27th of March 2026`, `March 27, 2026`."""
    day, month, end = None, None, place
    number, after_number = day_number(words, place)
    if number is not None:
        end = after_number
        end += word_at(words, end) == "of"
        end += word_at(words, end) == "."
        day, month = number, MONTHS.get(word_at(words, end))
        end += 1
    elif words[place] in MONTHS:
        end = place + 1
        end += word_at(words, end) in (".", "the")
        day, end = day_number(words, end)
        month = MONTHS[words[place]]
    if day is None or month is None or not 1 <= day <= 31:  # noqa: PLR2004 - days of a month
        return None
    after = end + (word_at(words, end) == ",")
    year = whole(word_at(words, after))
    if year is not None and 2000 <= year < 2200:  # noqa: PLR2004 - years that are dates
        return one_day(day_or_none(year, month, day), place, after + 1)
    return one_day(_near(month, day, said_on), place, end)


def _near(month: int, day: int, said_on: date | None) -> date | None:
    """Return the day without its year: the next one, or one of the last months where the past was meant."""
    if said_on is None:
        return None
    this = day_or_none(said_on.year, month, day)
    if this is not None and (said_on - this).days > 120:  # noqa: PLR2004 - further back nobody leaves out the year
        return day_or_none(said_on.year + 1, month, day)
    return this
