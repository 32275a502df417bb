"""What a write is before it is sent: a record, its fields, who allowed them. No ledger and no CRM here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from wb_pipeline.canonical import content_hash

WriteAction = Literal["create", "update", "log", "trigger", "merge", "undo"]
Outcome = Literal["written", "already_so", "conflict", "refused", "gave_up", "voided"]

# What a write of each action makes, where that is another object than the one it is about.
_MADE_BY = {"log": "activity", "trigger": "enrollment"}


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a write.

    `base` is the value of `checked` that has to stand still; `checked` is the field itself, or the real field that a
    suggestion is about. `clears`: a suggestion field and the value that we put there, to be emptied with this write.
    """

    change_id: str
    field: str
    value: Any
    base: Any
    checked: str
    operation: str = "set"
    approvals: tuple[int, ...] = ()
    confidence: float | None = None
    evidence: tuple[str, ...] = ()
    source: str | None = None
    clears: tuple[str, Any] | None = None

    @property
    def is_suggestion(self) -> bool:
        """Whether it goes to a suggestion field and leaves the real one alone."""
        return self.checked != self.field


@dataclass(frozen=True, slots=True)
class Write:
    """What is written to one record at once: parts of one proposal. The same approved write has one key for ever.

    `change_ids` are all changes that it carries out, `item_ids` those under which a person would see it in the queue.
    `payload`: what a trigger or merge says beyond fields. `seen`: the records of a merge as its approver saw them;
    of a create those that its approver was told of. `undoes`: the key of the write that this one takes back.
    """

    action: WriteAction
    object: str
    record_id: str | None
    parts: tuple[Part, ...]
    change_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    approvals: tuple[int, ...]
    actor_id: str
    actor_type: str
    batch_key: str
    proposal_key: str
    policy_hash: str = ""
    labels: tuple[str, ...] = ()
    confidence: float | None = None
    evidence: tuple[str, ...] = ()
    source: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    undoes: str | None = None
    is_archiving: bool = False
    referrers: frozenset[tuple[str, str]] = frozenset()
    """Records that pointed to the one that is put away: while one of them still does, it stays."""
    reason: str = ""
    key: str = field(init=False, default="")
    """What the write is known by: in the outbox, in the CRM, when it is sent again."""

    def __post_init__(self) -> None:
        told: list[Any] = [self.action, self.object, self.record_id, sorted(self.change_ids)]
        # What makes a record has one key whoever allows it: books that lost an approval must not make it twice.
        if not self.makes_record:
            parts = [[part.change_id, list(part.approvals), part.field, part.value] for part in self.parts]
            told += [list(self.approvals), parts]
        key = content_hash([*told, dict(self.payload), self.undoes, self.is_archiving])
        object.__setattr__(self, "key", key)

    @property
    def made_object(self) -> str:
        """The object of the record that is written or made."""
        return _MADE_BY.get(self.action, self.object)

    @property
    def makes_record(self) -> bool:
        """Whether it makes a record: one that has to be found by its key after an answer that never came."""
        return self.action in ("create", "log", "trigger")

    @property
    def is_automatic(self) -> bool:
        """Whether no person approved it, or asked for it."""
        return not self.approvals and self.undoes is None

    @property
    def writer(self) -> str:
        """The writer that the CRM notes for its fields."""
        kinds = {"ai_agent": "agent", "integration": "integration"}
        return f"{kinds.get(self.actor_type, 'user')}:{self.actor_id}"

    @property
    def records(self) -> frozenset[tuple[str, str]]:
        """The records that it touches: a later write to one of them waits until this one is settled."""
        if self.action == "merge":
            return frozenset((self.object, str(self.payload[name])) for name in ("survivor", "loser"))
        if self.record_id is None:
            return frozenset()
        return frozenset({(self.object, self.record_id)}) | self.referrers

    def with_parts(self, parts: Sequence[Part]) -> Write:
        """Return the write of some of its parts only: another write, with a key of its own."""
        ids = tuple(part.change_id for part in parts)
        approvals = tuple(sorted({sequence for part in parts for sequence in part.approvals}))
        return replace(self, parts=tuple(parts), change_ids=ids, item_ids=ids, approvals=approvals)
