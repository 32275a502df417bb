"""What the ledger says about erased values (AUD-6), and erasing kept values. Values files are not erased here yet.

Kept values go with an event that names their digests: the tombstone by which `wb audit verify` tells an erasure from a
loss. An erasure of sealed values will replace a values file by one in which the rows concerned are tombstones (neither
salt nor values, only `erased_sequence`), and append `values_erased` with that sequence and the new file's hash.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import BatchSealed, ValuesErased, payload_of
from wb_pipeline.ledger.kinds_writes import MOST_CHANGES, KeptValuesErased
from wb_pipeline.ledger.store import Ledger


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


def erase_kept_values(ledger: Ledger, digests: Collection[str], *, by: str, reason: str) -> Event:
    """Erase kept values for good, and leave a tombstone in the same transaction. The chain still verifies.

    Raises InputError without a named person, a reason or values, or for a digest under which nothing is kept.
    """
    wanted = sorted(set(digests))
    if not (by.strip() and reason.strip() and 0 < len(wanted) <= MOST_CHANGES):
        raise InputError(f"an erasure needs a named person, a reason, and 1 to {MOST_CHANGES:,} values")
    with ledger.writing(by) as book:
        if book.erase(wanted) != len(wanted):
            raise InputError("some of these values are not kept, or were erased before: nothing is erased")
        return book.append([KeptValuesErased(digests=wanted, reason=reason).about("kept_values")])[0]
