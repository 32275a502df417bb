"""What the policy in force has not judged yet: items, approvals, unwritten automatic changes. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemRejudged
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.review.context import Context
from wb_pipeline.review.units import units_of

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.model import Item, Made, State
    from wb_pipeline.review.units import Unit

APPROVED: frozenset[State] = frozenset({"approved", "approved_once"})


@dataclass(frozen=True, slots=True)
class Due:
    """Something to judge again. `approval`: what stands for it, None where nobody approved it.

    `is_automatic`: it would be written without a person.
    """

    item_id: str
    change_ids: frozenset[str]
    batch_key: str
    line_number: int
    approval: Made | None
    is_automatic: bool


class Earlier:
    """Judgements of earlier calls: the latest policy of each item, and the digest by each."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.latest: dict[str, str] = {}
        self.digests: dict[tuple[str, str], str] = {}
        for event in events:
            if event.kind == ItemRejudged.kind:
                said = payload_of(event, ItemRejudged)
                self.latest[event.subject] = said.policy_hash
                self.digests[event.subject, said.policy_hash] = said.objections_digest


def due_items(items: Iterable[Item], in_force: str, earlier: Earlier) -> Iterator[Due]:
    """Yield the items of the queue that another policy judged, or was in force for when they were approved."""
    for item in items:
        approval = item.decisions[-1] if item.state in APPROVED else None
        seen = {item.policy_hash, *([approval.policy_hash] if approval else [])}
        if earlier.latest.get(item.item_id) != in_force and seen != {in_force}:
            ids = frozenset({item.item_id, *(each.change_id for each in item.fields)})
            yield Due(item.item_id, ids, item.batch_key, item.line_number, approval, is_automatic=False)


def due_automatic(home: Home, ledger: Ledger, context: Context, earlier: Earlier) -> Iterator[Due]:
    """Yield the automatic changes that were sealed under another policy and are neither written nor under way."""
    in_force = context.policies.in_force
    for unit in units_of(sealed_changes(home, ledger, lanes=["auto"], whole_proposals=True)):
        is_judged = in_force in (unit.row["policy_hash"], earlier.latest.get(unit.item_id))
        if unit.lane == "auto" and not is_judged and _is_unwritten(unit, context):
            ids = frozenset(member.change_id for member in unit.members)
            row = unit.row
            yield Due(unit.item_id, ids, row["batch_key"], row["line_number"], None, is_automatic=True)


def _is_unwritten(unit: Unit, context: Context) -> bool:
    standing = context.standing_of(unit)
    is_left = standing.phase == "waiting" and not standing.sending and not standing.written_by_itself
    return is_left and not any(member.is_erased for member in unit.members)
