"""Which policy is in force: the one that was last put in force, or that the last run was judged by. Reads no policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.ledger.kinds import ManifestCommitted, PolicyRegistered, payload_of

if TYPE_CHECKING:
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Book, Ledger


def put_in_force(event: Event) -> str:
    """Return the policy that an event puts in force; "" for none: one that was only looked at decides nothing."""
    if event.kind == PolicyRegistered.kind:
        return event.subject if payload_of(event, PolicyRegistered).is_in_force else ""
    return payload_of(event, ManifestCommitted).policy_hash if event.kind == ManifestCommitted.kind else ""


def deeds(source: Ledger | Book, after: int = 0) -> list[Event]:
    """Return the events behind a sequence that put a policy in force, in order."""
    found = [
        event for kind in (PolicyRegistered.kind, ManifestCommitted.kind) for event in source.events(kind, after=after)
    ]
    return sorted(filter(put_in_force, found), key=lambda event: event.sequence)


def policy_in_force(source: Ledger | Book, *, at: int | None = None) -> str:
    """Return the hash of the policy in force, now or at a ledger event; "" if there is none."""
    found = [event for event in deeds(source) if at is None or event.sequence <= at]
    return put_in_force(found[-1]) if found else ""
