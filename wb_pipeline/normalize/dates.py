"""Days and instants in ISO 8601. Other spellings are not guessed: 03/04 is two different days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_YEARS = range(1900, 2200)


def normalize_date(text: str) -> str | None:
    """Return `2026-03-02`, or None when the text is not exactly a day of the years 1900 to 2199."""
    given = text.strip()
    if not _DAY.fullmatch(given):
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day.isoformat() if day.year in _YEARS else None


def has_time_zone(text: str) -> bool | None:
    """Say whether an ISO instant carries a zone; None when the text is not an ISO instant at all."""
    found = _INSTANT.fullmatch(text.strip())
    return None if found is None else found[1] is not None


def normalize_datetime(text: str) -> str | None:
    """Return the instant in UTC (`2026-03-02T09:00:00Z`), or None when it is unreadable or has no zone."""
    given = text.strip().upper()
    if not has_time_zone(given):
        return None
    try:
        instant = datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant.isoformat().replace("+00:00", "Z") if instant.year in _YEARS else None
