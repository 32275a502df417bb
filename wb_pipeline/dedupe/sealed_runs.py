"""The dedupe runs that the ledger knows, in order. Their files: `loading`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.ledger.kinds import DedupeSealed, payload_of

if TYPE_CHECKING:
    from wb_pipeline.ledger.store import Book, Ledger


@dataclass(frozen=True)
class SealedRun:
    """A `dedupe_sealed` event. `sealed_at` is UTC text."""

    run_id: str
    sequence: int
    sealed_at: str
    seal: DedupeSealed


def sealed_runs(ledger: Ledger | Book) -> list[SealedRun]:
    """Return every sealed dedupe run, oldest first."""
    return [
        SealedRun(event.subject, event.sequence, event.recorded_at, payload_of(event, DedupeSealed))
        for event in ledger.events(DedupeSealed.kind)
    ]


def latest_run(ledger: Ledger | Book) -> SealedRun | None:
    """Return the newest sealed dedupe run, None before the first one."""
    return next(reversed(sealed_runs(ledger)), None)
