"""UTC times as the one text form that the ledger stores and compares. No parsing of untrusted input here."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment with the zone UTC."""
    return datetime.now(UTC)


def utc_text(moment: datetime) -> str:
    """Return `2026-03-02T09:00:00.000000Z`: fixed width, so that text order is time order.

    Raises ValueError for a time without a zone.
    """
    if moment.tzinfo is None:
        message = "a time in the ledger needs a zone"
        raise ValueError(message)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def naive_utc(text: str) -> datetime:
    """Return a stored time as UTC without zone: what TIMESTAMP columns hold."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
