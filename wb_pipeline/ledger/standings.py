"""What became of sealed changes after the seal, for later runs: said yes or no to, written, undone. Judges nothing.

A reviewer's view of items, with who and why, is in `review`; here is only what a gate has to know of earlier changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemDecided, ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.store import Ledger

Standing = Literal["approved", "rejected", "declined", "returned", "written", "undone"]
# Reasons that say nothing about whether the proposal was right.
_NO_FAULT = frozenset({"not_now", "other", ""})
_KINDS = (ItemDecided.kind, ItemReturned.kind, WritePlanned.kind, WriteSettled.kind)


class ChangeStanding(NamedTuple):
    """What one event made of one change; the latest one holds.

    `fields`: what was undone of it, None for all. A change id of an action row that is no update's stands for its
    fields too.
    """

    sequence: int
    change_id: str
    standing: Standing
    fields: list[str] | None


def change_standings(ledger: Ledger) -> list[ChangeStanding]:
    """Return what people and writes made of sealed changes, in the order of the ledger."""
    events = sorted((event for kind in _KINDS for event in ledger.events(kind)), key=lambda event: event.sequence)
    planned: dict[str, WritePlanned] = {}
    found: list[ChangeStanding] = []
    for event in events:
        if event.kind == WritePlanned.kind:
            planned[event.subject] = payload_of(event, WritePlanned)
        elif event.kind == WriteSettled.kind:
            found += _of_write(event, planned)
        else:
            found.append(ChangeStanding(event.sequence, event.subject, _of_person(event), None))
    return found


def _of_person(event: Event) -> Standing:
    if event.kind == ItemReturned.kind:
        return "returned"
    said = payload_of(event, ItemDecided)
    if said.decision in ("approve", "accept"):
        return "approved"
    # To dismiss a suggestion is to say no to the value, whatever the reason.
    return "declined" if said.decision == "reject" and said.reason_code in _NO_FAULT else "rejected"


def _of_write(event: Event, planned: dict[str, WritePlanned]) -> Iterator[ChangeStanding]:
    write, settled = planned.get(event.subject), payload_of(event, WriteSettled)
    if write is None or settled.outcome not in ("written", "already_so"):
        return
    undone = planned.get(write.undoes) if write.undoes else None
    for change_id in (undone or write).change_ids:
        yield ChangeStanding(
            event.sequence, change_id, "undone" if undone else "written", write.fields if undone else None
        )
