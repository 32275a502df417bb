"""A write on the books: as it was planned, how it ended, and how an attempt at it is told. Reads and sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wb_pipeline.apply.model import Outcome, Write
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled

MOST_RUNS = 5
"""So many runs may give a write up before it goes back to a person."""
_FINAL = ("written", "already_so", "conflict", "refused")


@dataclass(slots=True)
class Entry:
    """One write in the outbox: as it was planned last, and how it ended, if it did."""

    key: str
    planned: WritePlanned
    planned_at: str
    planned_sequence: int
    planned_by: str
    settled: WriteSettled | None = None
    settled_at: str = ""
    settled_sequence: int = 0
    gave_up: int = 0
    found: list[tuple[int, str]] = field(default_factory=list)
    """Where it conflicted: the ledger's sequence, and the kept value of what stood in the way."""

    @property
    def is_done(self) -> bool:
        """Whether it is never sent again."""
        return self.settled is not None and (self.settled.outcome in _FINAL or self.gave_up >= MOST_RUNS)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a write ended: `before` and `after` are its fields as read, None where nothing was read.

    `write` is None where only its key is known, after a crash; then `item_ids` say what a person would see of it.
    """

    write: Write | None
    key: str
    outcome: Outcome
    record_id: str | None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    attempts: int = 0
    answer: str = ""
    is_reconciled: bool = False
    note: str = ""
    item_ids: tuple[str, ...] = ()
