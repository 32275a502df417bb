"""Days in running text, explicit or against the day on which they were said. What happens on them is not read here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.evidence.support.day_words import DAY_WORDS, SPOKEN_DAYS, Days
from wb_pipeline.evidence.support.explicit_days import read_iso_or_dotted, read_month_and_day, read_slashed
from wb_pipeline.evidence.support.periods import read_period
from wb_pipeline.evidence.support.relative_days import read_day_of_month, read_relative, read_weekday

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


def days(words: Sequence[str], said_on: date | None) -> list[Days]:
    """Return the days that a sentence's tokens name; those against another day only where that one is known."""
    if not any(word[0].isdigit() or word in DAY_WORDS or word in SPOKEN_DAYS for word in words):
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


_READERS = (
    read_iso_or_dotted,
    read_slashed,
    read_month_and_day,
    read_day_of_month,
    read_weekday,
    read_relative,
    read_period,
)
