"""Sealed changes put together to what one decision covers. What people decided is in `standing`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from wb_pipeline.ledger.sealed_changes import SealedChange

_PER_FIELD = "update"
WRITTEN_LANES = frozenset({"auto", "suggest", "review"})
"""Lanes of fields that are written once their item is approved; others only travel with it."""
_STOPPED_LANES = frozenset({"deny", "quarantine", "noop"})


@dataclass(frozen=True, slots=True)
class Unit:
    """What is decided and written as one: `head` gives the id, `rows` are its fields, `action_row` the action's row.

    Of an update each field is a unit of its own; anything else is one with all its fields (`rows` empty for a trigger
    or a merge). `lane`: review, suggest or auto.
    """

    head: SealedChange
    rows: tuple[SealedChange, ...]
    action_row: SealedChange
    lane: str

    @property
    def item_id(self) -> str:
        """The id under which it is decided."""
        return self.head.change_id

    @property
    def action(self) -> str:
        """What it is judged as."""
        return action_of(self.head)

    @property
    def members(self) -> tuple[SealedChange, ...]:
        """Every sealed row that belongs to it, the action's first; of an update, the field's alone."""
        return self.rows if self.action == _PER_FIELD else (self.action_row, *self.rows)

    @property
    def written_rows(self) -> tuple[SealedChange, ...]:
        """The fields that are written when it is approved."""
        return tuple(row for row in self.rows if row.lane in WRITTEN_LANES)

    @property
    def row(self) -> Any:
        """The columns of the head."""
        return self.head.row


def action_of(change: SealedChange) -> str:
    """Return what a change is judged as: a create that hit an existing record is an update."""
    return str(change.row["effective_action"] or change.row["action"] or "")


def units_of(changes: Iterable[SealedChange]) -> Iterator[Unit]:
    """Yield the units of whole proposals, given in the order of the books; what is denied as a whole makes none."""
    for _, group in groupby(changes, key=lambda change: (change.segment, change.proposal_key)):
        rows = sorted(group, key=lambda change: change.row["ordinal"])
        heads = [row for row in rows if row.is_action_row]
        fields = tuple(row for row in rows if not row.is_action_row)
        action_row = heads[0] if heads else rows[0]
        if action_of(action_row) == _PER_FIELD:
            yield from (Unit(row, (row,), action_row, row.lane) for row in fields if row.lane in WRITTEN_LANES)
        elif action_row.lane not in _STOPPED_LANES:
            is_automatic = action_row.lane == "auto" and all(row.lane != "review" for row in fields)
            yield Unit(action_row, fields, action_row, "auto" if is_automatic else "review")
