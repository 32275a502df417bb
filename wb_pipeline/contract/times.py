"""ISO 8601 texts to UTC. Nothing is guessed: a time without a zone has no UTC value."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

# Python's own reader takes any separator and differs between versions, so the shape is checked first.
_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-[0-3]\d|\d{4}(?:0[1-9]|1[0-2])[0-3]\d"
_CLOCK = r"(?:[01]\d|2[0-3])(?::[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?|[0-5]\d(?:[0-5]\d(?:[.,]\d{1,9})?)?)"
_ZONE = r"Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?"
_SHAPE = re.compile(rf"(?:{_DATE})(?:[T ]{_CLOCK}({_ZONE})?)?", re.ASCII)


class ReadTime(NamedTuple):
    """A time as read. `at` is UTC without tzinfo (as tables keep it); None unless the text states a zone."""

    at: datetime | None
    is_without_zone: bool
    is_unreadable: bool


_UNREADABLE = ReadTime(None, is_without_zone=False, is_unreadable=True)
_WITHOUT_ZONE = ReadTime(None, is_without_zone=True, is_unreadable=False)
_NOT_STATED = ReadTime(None, is_without_zone=False, is_unreadable=False)


def read_time(text: str | None) -> ReadTime:
    """Return the time that a text states; None states none, which is no fault here."""
    return _NOT_STATED if text is None else _read(text)


@lru_cache(maxsize=16_384)
def _read(text: str) -> ReadTime:
    plain = text.strip().upper()
    shape = _SHAPE.fullmatch(plain)
    if not shape:
        return _UNREADABLE
    try:
        moment = datetime.fromisoformat(plain)
        if moment.tzinfo is None:
            return _WITHOUT_ZONE
        return ReadTime(moment.astimezone(UTC).replace(tzinfo=None), is_without_zone=False, is_unreadable=False)
    except (ValueError, OverflowError):
        return _UNREADABLE


@lru_cache(maxsize=16_384)
def utc_text(text: str) -> str:
    """Return a time as UTC text ("2026-03-02T09:00:00Z"), or as it was given where it states no such time."""
    moment = read_time(text).at
    return f"{moment.isoformat()}Z" if moment else text
