"""What the ledger says about erased values (AUD-6); later erasing builds on it. Nothing is erased here yet.

An erasure replaces a values file by one in which the rows concerned are tombstones (neither salt nor values, only
`erased_sequence`), and appends `values_erased` with that sequence and the new file's hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import BatchSealed, ValuesErased, payload_of


class _HasEvents(Protocol):
    def events(self, kind: str | None = None, *, after: int = 0, subject: str | None = None) -> list[Event]: ...


def latest_values_hashes(ledger: _HasEvents) -> dict[str, str]:
    """Return the hash that each values file must have now, by segment name: as sealed, or as last erased."""
    hashes = {event.subject: payload_of(event, BatchSealed).values_hash for event in ledger.events(BatchSealed.kind)}
    for event in ledger.events(ValuesErased.kind):
        hashes[event.subject] = payload_of(event, ValuesErased).values_hash
    return hashes


def erased_rows(events: Iterable[Event]) -> dict[tuple[str, int], int]:
    """Return how many tombstones each erasure accounts for: (segment name, sequence of the event) -> rows."""
    return {
        (event.subject, event.sequence): payload_of(event, ValuesErased).rows
        for event in events
        if event.kind == ValuesErased.kind
    }
