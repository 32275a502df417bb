"""Breakers as events: opened by a run that found a budget spent, reset by a person (TRG-3). Counting is not here."""

from __future__ import annotations

from dataclasses import dataclass

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_breakers import BreakerOpened, BreakerReset
from wb_pipeline.ledger.store import Book, Ledger


@dataclass(frozen=True, slots=True)
class BreakerEvent:
    """One event of a breaker. The latest one of a key holds; a key without any is closed. `recorded_at` is UTC text."""

    sequence: int
    breaker_key: str
    is_open: bool
    recorded_by: str
    reason: str
    recorded_at: str


def breaker_events(ledger: Ledger | Book) -> list[BreakerEvent]:
    """Return what happened to breakers, in order."""
    events = [*ledger.events(BreakerOpened.kind), *ledger.events(BreakerReset.kind)]
    return sorted(map(_breaker_event, events), key=lambda event: event.sequence)


def open_breakers(ledger: Ledger | Book) -> dict[str, BreakerEvent]:
    """Return {key: the event that opened it} of the breakers that are open now."""
    latest = {event.breaker_key: event for event in breaker_events(ledger)}
    return {key: event for key, event in latest.items() if event.is_open}


def reset_breaker(ledger: Ledger, breaker_key: str, by: str, reason: str) -> Event:
    """Close an open breaker. Raises InputError for one that is not open, or without a named person or a reason."""
    if not (by.strip() and reason.strip()):
        raise InputError("a reset needs the name of who resets, and a reason")
    with ledger.writing(by) as book:
        known = open_breakers(book)
        if breaker_key not in known:
            hint = f"open now: {', '.join(sorted(known)) or 'none'}"
            raise InputError(f"no breaker {breaker_key!r} is open", hint=hint)
        return book.append([BreakerReset(reason=reason).about(breaker_key)])[0]


def _breaker_event(event: Event) -> BreakerEvent:
    if event.kind == BreakerReset.kind:
        reason, is_open = payload_of(event, BreakerReset).reason, False
    else:
        opened = payload_of(event, BreakerOpened)
        reason, is_open = f"{opened.used} proposals in one {opened.window}, {opened.limit} are allowed", True
    return BreakerEvent(event.sequence, event.subject, is_open, event.recorded_by, reason, event.recorded_at)
