"""Which writes go back to a person, and why: the events of it. Puts nothing into the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from wb_pipeline.apply.entries import MOST_RUNS
from wb_pipeline.ledger.kinds_review import ItemReturned

if TYPE_CHECKING:
    from wb_pipeline.apply.entries import Entry, Settlement
    from wb_pipeline.ledger.chain import NewEvent


_Because = Literal["value_changed", "conflict", "refused", "gave_up"]
RETURNS: dict[str, _Because] = {"conflict": "value_changed", "refused": "refused", "gave_up": "gave_up"}
"""The outcomes after which a person decides anew, and the reason that they are told."""

_MOST_NOTE = 500


def returned_items(entry: Entry, each: Settlement) -> Iterator[NewEvent]:
    """Yield what goes back to a person: the reason, never a value or the CRM's words, for events are for ever."""
    is_last = each.outcome != "gave_up" or entry.gave_up + 1 >= MOST_RUNS
    if each.outcome not in RETURNS or not is_last or entry.planned.undoes is not None:
        return
    for item_id, approval in _approval_by_item(entry, each).items():
        note, reason = each.note[:_MOST_NOTE], _reason(entry, each)
        yield ItemReturned(reason=reason, approval_sequence=approval, note=note).about(item_id)


def _reason(entry: Entry, each: Settlement) -> _Because:
    """Return the reason that is told. A record to be made has no value that could change: another one is in its way."""
    makes = entry.planned.action in ("create", "log")
    return "conflict" if makes and each.outcome == "conflict" else RETURNS[each.outcome]


def _approval_by_item(entry: Entry, each: Settlement) -> dict[str, int]:
    if each.write is None:
        return dict.fromkeys(each.item_ids, max(entry.planned.approvals, default=0))
    found = dict.fromkeys(each.write.item_ids, max(each.write.approvals, default=0))
    for part in each.write.parts:
        if part.change_id in found:
            found[part.change_id] = max(part.approvals, default=0)
    return found
