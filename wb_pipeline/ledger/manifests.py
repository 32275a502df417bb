"""Manifests: what a run is a pure function of, committed before anything is decided (law 4). Deciding is not here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wb_pipeline.canonical import content_hash
from wb_pipeline.errors import AuditError
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import BatchSealed, ManifestCommitted, ManifestSuperseded, payload_of
from wb_pipeline.ledger.store import Book, Ledger
from wb_pipeline.ledger.times import utc_text


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that decides a run's outcome. `batches` are batch keys; `clock_at` has a zone.

    Earlier state is what the ledger held up to `ledger_sequence`, where its hash was `ledger_head`.
    """

    batches: tuple[str, ...]
    snapshot_hash: str
    evidence_hash: str
    policy_hash: str
    model_hash: str
    code_hash: str
    ledger_sequence: int
    ledger_head: str
    clock_at: datetime

    @property
    def payload(self) -> ManifestCommitted:
        """The manifest as the ledger keeps it; batches sorted, each once."""
        return ManifestCommitted(
            version=1,
            batches=sorted(set(self.batches)),
            snapshot_hash=self.snapshot_hash,
            evidence_hash=self.evidence_hash,
            policy_hash=self.policy_hash,
            model_hash=self.model_hash,
            code_hash=self.code_hash,
            ledger_sequence=self.ledger_sequence,
            ledger_head=self.ledger_head,
            clock_at=utc_text(self.clock_at),
        )

    @property
    def manifest_id(self) -> str:
        """The content hash of the payload: equal inputs, equal id."""
        return content_hash(self.payload.model_dump(mode="json"))

    @classmethod
    def from_event(cls, event: Event) -> Manifest:
        """Return the manifest of a `manifest_committed` event. Raises AuditError if the event does not hold one."""
        payload = payload_of(event, ManifestCommitted)
        fields = payload.model_dump(exclude={"version", "batches", "clock_at"})
        return cls(batches=tuple(payload.batches), clock_at=datetime.fromisoformat(payload.clock_at), **fields)


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """A `batch_sealed` event: `seal` is its payload, `name` its subject (the segment name)."""

    name: str
    sealed_sequence: int
    sealed_at: str
    seal: BatchSealed


def commit_manifest(ledger: Ledger, manifest: Manifest, *, recorded_by: str = "pipeline") -> Event:
    """Put a manifest into the ledger once; a second call returns the first event.

    Raises AuditError if a batch of it already belongs to another manifest that stands, or if the ledger never stood
    where the manifest says it did.
    """
    new = manifest.payload.about(manifest.manifest_id)
    with ledger.writing(recorded_by) as book:
        earlier = book.events(new.kind, subject=new.subject)
        if earlier:
            return earlier[-1]
        for batch_key, (manifest_id, _) in _standing(book).items():
            if batch_key in manifest.batches:
                message = f"batch {batch_key[:16]} already belongs to manifest {manifest_id[:16]}"
                raise AuditError(message, hint="rerun that manifest, or supersede it first")
        _refuse_unknown_head(book, manifest)
        return book.append([new])[0]


def manifests_of_batches(ledger: Ledger) -> dict[str, Manifest]:
    """Return the manifest that stands (latest, not superseded) for each batch key that has one."""
    return {batch_key: manifest for batch_key, (_, manifest) in _standing(ledger).items()}


def manifest_of_batch(ledger: Ledger, batch_key: str) -> Manifest | None:
    """Return the manifest that stands for a batch, None if it is undecided. For many use `manifests_of_batches`."""
    return manifests_of_batches(ledger).get(batch_key)


def supersede(
    ledger: Ledger, manifest_id: str, *, reason: str, recorded_by: str, superseded_by: str | None = None
) -> Event:
    """Give up a manifest so that its batches may get another one.

    Raises AuditError if it is unknown, or sealed: lanes are frozen at the seal.
    """
    new = ManifestSuperseded(superseded_by=superseded_by, reason=reason).about(manifest_id)
    with ledger.writing(recorded_by) as book:
        if not book.events(ManifestCommitted.kind, subject=manifest_id):
            raise AuditError(f"there is no manifest {manifest_id[:16]}")
        if any(batch.seal.manifest_id == manifest_id for batch in sealed_batches(book)):
            raise AuditError(f"manifest {manifest_id[:16]} is sealed and stays", hint="undo its writes instead")
        earlier = book.events(new.kind, subject=manifest_id)
        return earlier[-1] if earlier else book.append([new])[0]


def sealed_batches(ledger: Ledger | Book, *, up_to_sequence: int | None = None) -> list[SealedBatch]:
    """Return the sealed batches in the order of sealing; those known at `up_to_sequence`, where given."""
    return [
        SealedBatch(event.subject, event.sequence, event.recorded_at, payload_of(event, BatchSealed))
        for event in _up_to(ledger.events(BatchSealed.kind), up_to_sequence)
    ]


def is_standing(book: Book, manifest_id: str) -> bool:
    """Say whether a manifest is committed and not superseded."""
    committed = book.events(ManifestCommitted.kind, subject=manifest_id)
    return bool(committed) and not book.events(ManifestSuperseded.kind, subject=manifest_id)


def _standing(ledger: Ledger | Book) -> dict[str, tuple[str, Manifest]]:
    superseded = {event.subject for event in ledger.events(ManifestSuperseded.kind)}
    standing: dict[str, tuple[str, Manifest]] = {}
    for event in ledger.events(ManifestCommitted.kind):
        if event.subject not in superseded:
            manifest = Manifest.from_event(event)
            standing |= dict.fromkeys(manifest.batches, (event.subject, manifest))
    return standing


def _refuse_unknown_head(book: Book, manifest: Manifest) -> None:
    known = "0" * 64
    if manifest.ledger_sequence:
        at = book.events(after=manifest.ledger_sequence - 1)
        known = at[0].event_hash if at else ""
    if known != manifest.ledger_head:
        raise AuditError(f"the ledger never stood at event {manifest.ledger_sequence} with the manifest's hash")


def _up_to(events: Sequence[Event], sequence: int | None) -> Sequence[Event]:
    return events if sequence is None else [event for event in events if event.sequence <= sequence]
