"""The kinds of ledger events and what their payloads say. Storing and chaining them is in `store` and `chain`.

Adding a kind = one class here, or in one of the `kinds_...`, and one entry in `KINDS`. A class never changes once
events of it exist: add another kind.
"""

from __future__ import annotations

from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from wb_pipeline.errors import AuditError
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds_breakers import BreakerOpened, BreakerReset
from wb_pipeline.ledger.kinds_models import ModelRegistered, ModelTrained
from wb_pipeline.ledger.kinds_people import ChangeProposedAgain, EvidenceAttached, NotificationFailed, NotificationSent
from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemDecided, ItemRejudged, ItemReturned
from wb_pipeline.ledger.kinds_writes import (
    ChangeSeenAround,
    KeptValuesErased,
    ModeSwitched,
    SnapshotCompared,
    WritePlanned,
    WriteSettled,
)
from wb_pipeline.ledger.payload import Count, Payload, RelativePath, Sha256


class BatchReceived(Payload):
    """A batch file was archived. Subject: batch key (the hash of its bytes)."""

    kind = "batch_received"
    path: RelativePath
    file_name: str
    file_format: Literal["jsonl", "json", "parquet"]
    byte_count: Count


class SnapshotTaken(Payload):
    """The CRM or the evidence store was pulled: the rows, and beside them those that were rejected.

    Subject: content hash of the snapshot.
    """

    kind = "snapshot_taken"
    source: Literal["crm", "evidence"]
    path: RelativePath
    file_hash: Sha256
    rejected_path: RelativePath
    rejected_hash: Sha256
    rows: Count
    taken_at: str


class PolicyRegistered(Payload):
    """A policy version was used. Subject: policy hash.

    `is_in_force`: from here on it decides; otherwise duplicates were looked for, or models trained, by it.
    """

    kind = "policy_registered"
    path: RelativePath
    file_hash: Sha256
    file_name: str
    is_in_force: bool = True


class ManifestCommitted(Payload):
    """What a run is a pure function of (`manifests.Manifest`). Subject: manifest id, this payload's content hash."""

    kind = "manifest_committed"
    version: Literal[1]
    batches: list[Sha256]
    snapshot_hash: str
    evidence_hash: str
    policy_hash: str
    model_hash: str
    code_hash: str
    ledger_sequence: Count
    ledger_head: Sha256
    clock_at: str


class ManifestSuperseded(Payload):
    """A manifest that sealed nothing is given up. Subject: manifest id."""

    kind = "manifest_superseded"
    superseded_by: Sha256 | None
    reason: str


class BatchSealed(Payload):
    """The decisions on a batch are final. Subject: segment name. This is the commit point.

    `values_hash` is the hash of the values file as sealed; an erasure (AUD-6) cites its successor. `decisions_digest`
    covers the decisions without salt and run, so that a rerun can be compared. `lanes` counts rows per lane.
    """

    kind = "batch_sealed"
    manifest_id: Sha256
    batch_key: Sha256
    run_id: str
    segment_path: RelativePath
    segment_hash: Sha256
    values_path: RelativePath
    values_hash: Sha256
    rows: Count
    lanes: dict[str, Count]
    decisions_digest: Sha256


class ItemsQueued(Payload):
    """The changes of a sealed batch that wait for a person (lane review). Subject: segment name.

    `change_ids_digest` is the hash over the sorted change ids (`digests.change_ids_digest`).
    """

    kind = "items_queued"
    manifest_id: Sha256
    batch_key: Sha256
    count: Count
    change_ids_digest: Sha256


class ActorSwitched(Payload):
    """An actor was switched off or on by a person. Subject: actor id. The person is the event's `recorded_by`."""

    kind = "actor_switched"
    is_on: bool
    reason: str


class ValuesErased(Payload):
    """Personal values of some rows were erased on request (AUD-6; nothing writes it yet). Subject: segment name.

    The values file was replaced by one with `values_hash`, in which `rows` rows carry this event's sequence as
    `erased_sequence` and neither salt nor values.
    """

    kind = "values_erased"
    values_hash: Sha256
    rows: Count
    reason: str


class SealedFile(BaseModel):
    """A file of the books, named by its content."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    path: RelativePath
    file_hash: Sha256
    rows: Count


class DedupeSealed(Payload):
    """The duplicates of a CRM snapshot were found (IDN-10, IDN-11). Subject: the run's id. This is the commit point.

    `next_numbers`: by object, the first entity number that was never given away. `after_sequence`: the dedupe run that
    the ids were carried on from, 0 for none.
    """

    kind = "dedupe_sealed"
    snapshot_hash: str
    policy_hash: str
    code_hash: str
    is_full: bool
    clock_at: str
    after_sequence: Count
    next_numbers: dict[str, Count]
    entity_ids: SealedFile
    id_trail: SealedFile
    pairs: SealedFile
    rates: SealedFile


class PairJudged(Payload):
    """A person said whether two records of the CRM are the same (HYG-3). Subject: object and both ids, as JSON.

    The latest one about a pair holds. The digests cover the salt and the fields by which records are compared, as the
    person saw them: `different` holds as long as they do. The person is the event's `recorded_by`.
    """

    kind = "pair_judged"
    object: Literal["contact", "company"]
    left_id: str
    right_id: str
    verdict: Literal["same", "different"]
    salt: str
    left_digest: Sha256
    right_digest: Sha256
    reason: str


KINDS: dict[str, type[Payload]] = {
    model.kind: model
    for model in (
        BatchReceived,
        SnapshotTaken,
        PolicyRegistered,
        ManifestCommitted,
        ManifestSuperseded,
        BatchSealed,
        ItemsQueued,
        ActorSwitched,
        ValuesErased,
        DedupeSealed,
        PairJudged,
        ModelRegistered,
        ModelTrained,
        BreakerOpened,
        BreakerReset,
        EvidenceAttached,
        ChangeProposedAgain,
        NotificationSent,
        NotificationFailed,
        ItemDecided,
        DecisionRefused,
        ItemReturned,
        ItemRejudged,
        WritePlanned,
        WriteSettled,
        ModeSwitched,
        ChangeSeenAround,
        KeptValuesErased,
        SnapshotCompared,
    )
}

_AnyPayload = TypeVar("_AnyPayload", bound=Payload)


def payload_of(event: Event, model: type[_AnyPayload]) -> _AnyPayload:
    """Return an event's payload as its model. Raises AuditError if it does not have that form."""
    try:
        return model.model_validate(dict(event.payload))
    except ValidationError as error:
        message = f"event {event.sequence} of the ledger does not read as {model.kind}: {error.errors()[0]['msg']}"
        raise AuditError(message, hint="run `wb audit verify`") from error
