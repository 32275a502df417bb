"""A write held against the record as it is: what to send, or why nothing is sent. Only data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from wb_pipeline.apply.model import Write
from wb_pipeline.connectors.writing import CallAction, CrmCall, CrmRecord

State = Literal["send", "already_so", "found", "conflict", "waits"]
_CALLS: dict[str, CallAction] = {"create": "create", "log": "create", "trigger": "enroll", "merge": "merge"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A write held against the record as it is.

    send: `fields` and `marks` are to be sent, while `expected` stands. already_so: nothing to do. found: the CRM holds
    it already under its key. conflict: somebody changed what it was approved over. waits: it cannot be carried out yet.
    `note` says why; `before` are the fields as they were read.
    """

    write: Write
    state: State
    record_id: str | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    @property
    def key(self) -> str:
        """The write's key."""
        return self.write.key

    def call(self, sent_at: datetime) -> CrmCall:
        """Return the call that carries it out."""
        write = self.write
        return CrmCall(
            key=write.key,
            action="archive" if write.is_archiving else _CALLS.get(write.action, "update"),
            object=write.made_object,
            record_id=self.record_id,
            fields={**self.fields, **self.marks},
            sent_at=sent_at,
            by=write.writer,
            expected=self.expected,
            loser_id=str(write.payload["loser"]) if write.action == "merge" else None,
        )


def values(record: CrmRecord, names: Iterable[str]) -> dict[str, Any]:
    """Return a record's values of some fields, as JSON holds them; None where it has none."""
    return {name: _as_json(record.fields.get(name)) for name in sorted(set(names))}


def _as_json(value: Any) -> Any:
    """Return a number that is none, as some CRMs hold it, by its name."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
