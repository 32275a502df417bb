"""What people or gates granted to each deal and no snapshot shows yet: its worth in several decisions (RVW-5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wb_pipeline.review.context import deal_ids
from wb_pipeline.review.model import read_json

if TYPE_CHECKING:
    from wb_pipeline.review.context import Context
    from wb_pipeline.review.model import Item

_GRANTED = frozenset({"approved", "approved_once", "writing"})


class Granted:
    """Values that are approved for deals: a small amount and a dear currency are one large deal, however they come."""

    def __init__(self, items: Iterable[Item], context: Context) -> None:
        self._by_deal: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        self._context = context
        self._since = since = context.files.latest_sequence("crm")
        for item in items:
            if item.object == "deal" and (item.state in _GRANTED or _is_written_since(item, since, context)):
                self.note(item, {})

    def note(self, item: Item, edits: Mapping[str, Any]) -> None:
        """Take in an item that was approved just now, with a person's values."""
        for deal in _deals(item):
            self._by_deal[deal][item.item_id] = values_of(item) | dict(edits)

    def beside(self, item: Item) -> list[Mapping[str, Any]]:
        """Return the values that other decisions, and automatic changes, grant to the deals of an item."""
        return [
            values
            for deal in _deals(item)
            for item_id, values in {**self._automatic(deal), **self._by_deal.get(deal, {})}.items()
            if item_id != item.item_id
        ]

    def _automatic(self, deal: str) -> dict[str, Mapping[str, Any]]:
        return dict(self._context.automatic_deals.of(deal, self._context.standings, self._since))


def values_of(item: Item) -> dict[str, Any]:
    """Return the values that an item shows."""
    return {each.field: read_json(each.new_value) for each in item.fields}


def _deals(item: Item) -> list[str]:
    return deal_ids(item.object, item.record_id, item.payload)


def _is_written_since(item: Item, sequence: int, context: Context) -> bool:
    return item.state == "written" and context.standings.of(item.item_id).written_at > sequence
