"""Moments and spans of time in words. All times are UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_SPANS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def moment_words(moment: datetime | str | None) -> str:
    """Return a moment as `2026-03-02 09:00 UTC`; "" for none, a text that is no time as it is."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return str(moment)
    return f"{_naive(moment):%Y-%m-%d %H:%M} UTC" if moment else ""


def age_words(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in its largest unit."""
    span = _naive(now) - _naive(moment)
    for unit, name in _SPANS:
        if span >= unit:
            count = span // unit
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "just now"


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
