"""The kinds of ledger events about writing to the CRM (SYN, AUD-4, AUD-5). The list of kinds is in `kinds`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wb_pipeline.ledger.payload import Count, Payload, Sha256

ShortText = Annotated[str, Field(max_length=500)]
MOST_CHANGES = 2_000


class WritePlanned(Payload):
    """A write stands in the outbox: from here on it may have been sent. Subject: the write's key.

    `approvals`: the decisions that allow it, empty for an automatic one. `values_digest` cites a kept value: JSON with
    what is written (`fields`) over what (`base`). `undoes`: the key of the write that this one takes back. `attempt`
    counts from 1: a write that surely had no effect is planned again under the same key.
    """

    kind = "write_planned"
    change_ids: Annotated[list[str], Field(max_length=MOST_CHANGES)]
    approvals: list[Count]
    batch_key: Sha256
    proposal_key: str
    actor_id: str
    action: Literal["create", "update", "log", "trigger", "merge", "undo"]
    object: str
    record_id: str | None
    fields: list[str]
    values_digest: Sha256
    crm: str
    undoes: Sha256 | None
    attempt: Annotated[int, Field(ge=1)]


class WriteSettled(Payload):
    """How a planned write ended. Subject: the write's key.

    `before_digest`, `after_digest` cite kept values: JSON of the fields as read before and after (SYN-3). `reconciled`:
    the outcome was found by reading, after a crash or an answer that never came. `answer_digest` cites what the CRM
    said, kept beside the chain since it may name a person; older events hold it as `answer` (AUD-6).
    """

    kind = "write_settled"
    outcome: Literal["written", "already_so", "conflict", "refused", "gave_up", "voided"]
    record_id: str | None
    before_digest: Sha256 | None
    after_digest: Sha256 | None
    attempts: Count
    answer: ShortText
    reconciled: bool
    answer_digest: Sha256 | None = None


class ModeSwitched(Payload):
    """What an actor's writes may do was switched by a person. Subject: actor id, `*` for all."""

    kind = "mode_switched"
    mode: Literal["running", "review_everything", "read_only", "stopped"]
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ChangeSeenAround(Payload):
    """A snapshot holds a value that no write of ours put there (AUD-5). Subject: JSON list of object, id, field.

    `by`: the last writer as the CRM names it. `is_alarm`: a registered agent wrote around us.
    """

    kind = "change_seen_around"
    snapshot_hash: str
    by: str
    at: str | None
    is_alarm: bool
    value_digest: Sha256


class KeptValuesErased(Payload):
    """Kept values were erased on request (AUD-6): the tombstone of each. Subject: `kept_values`."""

    kind = "kept_values_erased"
    digests: Annotated[list[Sha256], Field(min_length=1, max_length=MOST_CHANGES)]
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class SnapshotCompared(Payload):
    """A snapshot of the CRM was held against the one before it, for changes around us. Subject: its content hash.

    `taken_sequence`: the `snapshot_taken` event of the newer one. `changes`, `alarms`: how many came to the books with
    this event. `left_out`: how many more there were than one comparison records.
    """

    kind = "snapshot_compared"
    previous_hash: str
    taken_sequence: Count
    changes: Count
    alarms: Count
    left_out: Count
