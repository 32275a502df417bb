"""What review speaks of: items, their fields and objections, decisions, outcomes. Nothing is read or decided here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from wb_pipeline.ledger.kinds_review import Verb

State = Literal["waiting", "approved_once", "approved", "rejected", "returned", "expired", "writing", "written"]
"""`approved_once`: somebody else has to approve it too. `returned`: it waits again. `rejected`: also dismissed.

`expired`: an approval that grew too old, which may be given again; a suggestion that nobody answered, which lapsed.
`writing`: it stands in the outbox.
"""
OPEN_STATES: frozenset[State] = frozenset({"waiting", "approved_once", "returned"})

REJECT_REASONS: dict[str, str] = {
    "wrong_record": "it is about another record",
    "wrong_value": "the value is wrong",
    "no_evidence": "nothing shows it",
    "not_now": "not now",
    "duplicate": "it is there already",
    "other": "something else, in words",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an item. Values are JSON text; None: no value. `proposed_value` is what the actor wanted.

    `old_value` is what stands there as far as is known: in the snapshot, or as the last write found it. A change in
    another lane than review travels with its proposal: `auto` is written with it, `deny` and `noop` are not.
    """

    change_id: str
    field: str
    operation: str
    lane: str
    old_value: str | None
    new_value: str | None
    proposed_value: str | None
    suggestion_field: str | None = None

    @property
    def is_edited(self) -> bool:
        """Whether a person wrote another value than the actor."""
        return self.new_value != self.proposed_value


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a change could mean. `value` and what `telling` holds are JSON text, as the books showed them.

    `writer`: who wrote the value last, as far as the CRM tells. `telling`: the fields in which the candidates differ.
    """

    record_id: str
    match_method: str | None
    match_probability: float | None
    is_key_shared: bool
    value: str | None
    writer: str
    telling: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a change was stopped: the gate, its verdict, its words, what would let it pass, the details that it gave."""

    gate: str
    verdict: str
    reason: str
    says: str
    to_pass: str
    details: Mapping[str, Any]
    field: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """A decision that a person made, as it stands in the ledger."""

    sequence: int
    by: str
    at: str
    decision: Verb
    reason_code: str
    words: str
    edited_digest: str | None
    binding: str
    policy_hash: str
    is_final: bool
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a person decides as a whole: a field of an update, or a create, log, trigger or merge.

    `kind`: `suggestion` is accepted or dismissed, anything else approved or rejected. `payload`: what a trigger or a
    merge names. `binding` covers what is seen here (RVW-2). `standing_sequence`: the decision that stands, 0 for none.
    `held_because`: why it waits although no gate asked for a person, or why an approval of it is not carried out.
    Times are UTC. `value_at_risk` is in the policy's currency; None where no deal is concerned, infinite where nobody
    knows.
    """

    item_id: str
    kind: Literal["change", "suggestion"]
    state: State
    action: str
    object: str
    record_id: str | None
    fields: tuple[FieldChange, ...]
    payload: Mapping[str, Any]
    objections: tuple[Objection, ...]
    labels: tuple[str, ...]
    actor_id: str
    actor_type: str
    actor_model: str | None
    workflow_id: str | None
    source: str | None
    rationale: str | None
    confidence: float | None
    claimed_confidence: float | None
    match_method: str | None
    match_probability: float | None
    match_reason: str | None
    evidence: tuple[str, ...]
    owner_id: str | None
    case_id: str | None
    batch_key: str
    batch_label: str | None
    line_number: int
    proposal_key: str
    proposal_id: str | None
    manifest_id: str
    policy_hash: str
    snapshot_hash: str
    evidence_hash: str
    queued_at: datetime
    due_at: datetime
    expires_at: datetime | None
    is_opt_out: bool
    is_erased: bool
    value_at_risk: float | None
    needs_second: bool
    binding: str
    decisions: tuple[Made, ...]
    standing_sequence: int
    returned_because: str
    held_because: str
    candidates: tuple[Candidate, ...] = ()
    """Where nobody knows which record is meant: those that it could be. `record_id` is the one that a person picked."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.state in OPEN_STATES

    @property
    def name(self) -> str:
        """Return what it is in a few words: action, object, record, field."""
        field = self.fields[0].field if self.action == "update" and self.fields else ""
        record = self.record_id or ("(new)" if self.action in ("create", "log") else "(no record)")
        return " ".join(filter(None, (self.action, self.object, record, field)))

    def is_overdue(self, now: datetime) -> bool:
        """Say whether a deputy may step in."""
        return now > self.due_at


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person wants to decide about an item.

    `binding`: the item's, as the person saw it. `edits`: field -> the value to write instead (approve only).
    `supersedes`: the item's `standing_sequence`, where the person saw an earlier decision and means to replace it.
    `record_id`: which of the item's candidates is meant, where nobody knew (approve only).
    """

    item_id: str
    decision: Verb
    binding: str
    reason_code: str = ""
    words: str = ""
    edits: Mapping[str, Any] = field(default_factory=dict)
    supersedes: int = 0
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision. `code`: decided, decided_once, or why not; `message` says it to the person."""

    item_id: str
    is_done: bool
    code: str
    message: str
    sequence: int = 0


def read_json(text: str | None) -> Any:
    """Return the value of a JSON text from the books; text that is none stays as it is, None stays None."""
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return text
