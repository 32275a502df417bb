"""What comes in is kept and noted in the ledger before it is read: batches, snapshots, policies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.canonical import file_hash
from wb_pipeline.connectors.files import FilesConnector
from wb_pipeline.connectors.opening import pulled_crm
from wb_pipeline.connectors.snapshots import KeptSnapshot, keep_pull, rejected_path
from wb_pipeline.contract.read import open_rows
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.archive import archive_file
from wb_pipeline.ledger.kinds import BatchReceived, PolicyRegistered, SnapshotTaken, payload_of
from wb_pipeline.ledger.policy_in_force import policy_in_force
from wb_pipeline.ledger.times import naive_utc, utc_text
from wb_pipeline.policy.store import keep_policy, policy_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wb_pipeline.connectors.base import SourceKind
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event, NewEvent
    from wb_pipeline.ledger.manifests import Manifest
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.models_crm import Crm

_SUFFIX = ".batch"


@dataclass(frozen=True, slots=True)
class ReceivedBatch:
    """A batch file in the archive. `file_name` is what it was called when it came; a label, never a key."""

    batch_key: str
    file_name: str
    path: Path


def receive_batch(home: Home, ledger: Ledger, path: Path) -> ReceivedBatch:
    """Archive a batch file under its content hash and note it. The same bytes again change nothing (CON-2, CON-4).

    Raises InputError for anything but a readable regular file.
    """
    kept = archive_file(path, home.archive, _SUFFIX)
    event = BatchReceived(
        path=kept.path.relative_to(home.root).as_posix(),
        file_name=path.name,
        file_format=open_rows(kept.path).file_format,
        byte_count=kept.path.stat().st_size,
    ).about(kept.content_hash)
    noted, _ = ledger.append_unless_exists(event, recorded_by="pipeline")
    return ReceivedBatch(kept.content_hash, payload_of(noted, BatchReceived).file_name, kept.path)


def received_batches(home: Home, ledger: Ledger) -> Mapping[str, ReceivedBatch]:
    """Return every batch that ever came in, by its key."""
    received = {}
    for event in ledger.events(BatchReceived.kind):
        payload = payload_of(event, BatchReceived)
        received[event.subject] = ReceivedBatch(event.subject, payload.file_name, home.root / payload.path)
    return received


def require_received(home: Home, ledger: Ledger, batch_key: str) -> ReceivedBatch:
    """Return a batch that came in earlier. Raises InputError for a key that nobody knows."""
    found = received_batches(home, ledger).get(batch_key)
    if found is None:
        hint = "hand the file in with `wb run --batch FILE`, or put it into the inbox"
        raise InputError(f"no batch {batch_key[:16]} was ever received", hint=hint)
    return found


def take_snapshot(
    home: Home, ledger: Ledger, kind: SourceKind, source: Path, taken_at: datetime, *, names: Crm | None = None
) -> KeptSnapshot:
    """Pull the CRM or the evidence store, keep it, and note it as the latest of its kind.

    `source`: a folder or a file; a CRM may be `postgres:` too, whose tables are called as `names` says.
    """
    kept = keep_pull(home, pulled_crm(str(source), names) if kind == "crm" else FilesConnector(source).pull_evidence())
    beside = rejected_path(home, kind, kept.content_hash)
    event = SnapshotTaken(
        source=kind,
        path=kept.path.relative_to(home.root).as_posix(),
        file_hash=file_hash(kept.path),
        rejected_path=beside.relative_to(home.root).as_posix(),
        rejected_hash=file_hash(beside),
        rows=kept.row_count,
        taken_at=utc_text(taken_at),
    ).about(kept.content_hash)
    with ledger.writing("pipeline") as book:
        # The same picture at the same time is one picture; that it still looks so later is news (OVW-7).
        events = book.events(SnapshotTaken.kind)
        if latest_snapshot(events, kind) != kept.content_hash or _taken_at(events, kind) != utc_text(taken_at):
            book.append([event])
    return kept


def latest_snapshot(events: list[Event], kind: SourceKind) -> str | None:
    """Return the content hash of the latest snapshot of a kind among `snapshot_taken` events."""
    of_kind = [event.subject for event in events if payload_of(event, SnapshotTaken).source == kind]
    return of_kind[-1] if of_kind else None


def _taken_at(events: list[Event], kind: SourceKind) -> str | None:
    taken = [payload_of(event, SnapshotTaken) for event in events]
    return next((each.taken_at for each in reversed(taken) if each.source == kind), None)


def snapshot_taken_at(ledger: Ledger, manifest: Manifest) -> datetime | None:
    """Return when a manifest's CRM snapshot was pulled last, as far as its place in the ledger knows; UTC, no zone."""
    taken = [
        payload_of(event, SnapshotTaken)
        for event in ledger.events(SnapshotTaken.kind, subject=manifest.snapshot_hash)
        if event.sequence <= manifest.ledger_sequence
    ]
    times = [naive_utc(each.taken_at) for each in taken if each.source == "crm"]
    return max(times, default=None)


def require_latest_snapshot(ledger: Ledger, kind: SourceKind) -> str:
    """Return the latest snapshot's hash. Raises InputError if nothing was ever pulled."""
    found = latest_snapshot(ledger.events(SnapshotTaken.kind), kind)
    if found is None:
        option = {"crm": "--crm DIR or WB_CRM", "evidence": "--evidence DIR or WB_EVIDENCE"}[kind]
        raise InputError(f"there is no snapshot of the {kind} yet", hint=f"name its folder with {option}")
    return found


def register_policy(home: Home, ledger: Ledger, path: Path) -> str:
    """Check a policy, keep this version of it, put it in force, and return its hash. Raises PolicyError if refused."""
    event = _kept_policy(home, path, is_in_force=True)
    with ledger.writing("pipeline") as book:
        if policy_in_force(book) != event.subject:
            book.append([event])
    return event.subject


def note_policy(home: Home, ledger: Ledger, path: Path) -> str:
    """Check a policy, keep this version of it and return its hash; what decides stays as it is. Raises PolicyError."""
    event = _kept_policy(home, path, is_in_force=False)
    ledger.append_unless_exists(event, recorded_by="pipeline")
    return event.subject


def _kept_policy(home: Home, path: Path, *, is_in_force: bool) -> NewEvent:
    policy = keep_policy(home, path)
    kept = policy_path(home, policy.policy_hash).relative_to(home.root).as_posix()
    return PolicyRegistered(
        path=kept, file_hash=policy.policy_hash, file_name=path.name, is_in_force=is_in_force
    ).about(policy.policy_hash)
