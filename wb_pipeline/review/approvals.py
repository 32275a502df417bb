"""What `approved` finds: changes to write, approvals that are void or held back. Nothing is found out here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from wb_pipeline.ledger.kinds_review import ItemReturned

if TYPE_CHECKING:
    from wb_pipeline.ledger.chain import NewEvent


@dataclass(frozen=True, slots=True)
class ApprovedField:
    """One field to write. Values are JSON text; `base` is what has to stand there still, None for no value.

    `field` is the suggestion's own field where a suggestion is only noted on the record.
    """

    change_id: str
    field: str
    operation: str
    base: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class ApprovedChange:
    """Something to write as one: a field of an update, or a create, log, trigger or merge with all its fields.

    `approvals`: the ledger events that allow it, empty for an automatic one; `binding`: what they bind to, "" likewise.
    `is_suggestion`: it only notes a suggestion in its own field. `pending_key`: the write under which it stands in the
    outbox already, "" if in none. `payload`: what a trigger or a merge names.
    """

    item_id: str
    change_ids: tuple[str, ...]
    action: str
    object: str
    record_id: str | None
    fields: tuple[ApprovedField, ...]
    payload: Mapping[str, Any]
    approvals: tuple[int, ...]
    approved_by: tuple[str, ...]
    binding: str
    is_suggestion: bool
    pending_key: str
    row: Mapping[str, Any]
    """The sealed columns of the change that it is decided under: actor, source, confidence, evidence, batch ..."""
    seen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Of a merge: {record id: fields} of both records in the latest snapshot before it was approved."""

    @property
    def is_automatic(self) -> bool:
        """Whether no person was asked."""
        return not self.approvals


@dataclass(frozen=True, slots=True)
class VoidApproval:
    """An approval that does not hold any more: the item waits again."""

    item_id: str
    reason: Literal["evidence_changed", "expired"]
    note: str
    approval_sequence: int

    def event(self) -> NewEvent:
        """Return the ledger event that says so."""
        returned = ItemReturned(reason=self.reason, note=self.note, approval_sequence=self.approval_sequence)
        return returned.about(self.item_id)


@dataclass(frozen=True, slots=True)
class Held:
    """An approval that stands, or an automatic change (`is_automatic`), that is not carried out yet.

    `is_unjudged`: judging again by the policy in force may free it.
    """

    item_id: str
    why: str
    is_automatic: bool = False
    is_unjudged: bool = False


@dataclass(frozen=True, slots=True)
class Approvals:
    """All of it, as of the ledger event `sequence`. What was said since then is for `changed_since`."""

    sequence: int
    standing: tuple[ApprovedChange, ...]
    void: tuple[VoidApproval, ...]
    held: tuple[Held, ...]
