"""Which items are shown and in which order: opt-outs first, then value at risk, then age. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wb_pipeline.review.model import OPEN_STATES, Item, State


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What is asked for; "" and None mean any. `batch` is a batch key or its first digits, `gate` a gate's name.

    `states`: the open ones unless others are named; empty: any.
    """

    object: str = ""
    field: str = ""
    actor: str = ""
    gate: str = ""
    owner: str = ""
    batch: str = ""
    record: str = ""
    case: str = ""
    kind: str = ""
    states: Collection[State] = OPEN_STATES
    item_ids: Collection[str] | None = None

    def takes(self, item: Item) -> bool:
        """Say whether an item is asked for."""
        return (
            (not self.states or item.state in self.states)
            and self.object in ("", item.object)
            and self.actor in ("", item.actor_id)
            and self.owner in ("", item.owner_id)
            and self.record in ("", item.record_id)
            and self.case in ("", item.case_id)
            and self.kind in ("", item.kind)
            and item.batch_key.startswith(self.batch)
            and (not self.field or any(each.field == self.field for each in item.fields))
            and (not self.gate or any(_is_of(self.gate, each.gate) for each in item.objections))
            and (self.item_ids is None or item.item_id in self.item_ids)
        )


def by_importance(items: Iterable[Item]) -> list[Item]:
    """Return items in the order in which they matter."""
    return sorted(items, key=_place)


def _place(item: Item) -> tuple[bool, float, str, str]:
    return not item.is_opt_out, -(item.value_at_risk or 0.0), item.queued_at.isoformat(), item.item_id


def _is_of(asked: str, gate: str) -> bool:
    """Say whether a gate is meant, by its name with or without `gate_`."""
    return gate in (asked, f"gate_{asked}")
