"""What all pages share: the books, the desk, who may come in. One per running page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wb_pipeline.errors import InputError
from wb_pipeline.review.desk import Desk
from wb_pipeline.review.filters import ItemFilter
from wb_pipeline.web.actor_records import actor_record
from wb_pipeline.web.record_names import RecordNames
from wb_pipeline.web.sessions import Sessions
from wb_pipeline.web.throttle import Throttle
from wb_pipeline.web.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.citations import Citation
    from wb_pipeline.review.model import Decision, Item, Outcome
    from wb_pipeline.web.guard import Address


class Office:
    """The shared room. Pages run in threads, which the desk and everything else here can bear."""

    def __init__(
        self, home: Home, ledger: Ledger, address: Address, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.home = home
        self.ledger = ledger
        self.address = address
        self.clock = clock or (lambda: datetime.now(UTC))
        self.tokens = Tokens(home)
        self.sessions = Sessions(home, self.tokens)
        self.throttle = Throttle()
        self.names = RecordNames(home)
        self._desk = Desk(home, ledger, self.clock)

    def now(self) -> datetime:
        """Return the time that it is for decisions."""
        return self.clock()

    def open_items(self) -> list[Item]:
        """Return what waits, suggestions too, in the order of what matters."""
        return self._desk.items()

    def case_of(self, item: Item) -> list[Item]:
        """Return the other open items of an item's case."""
        found = self._desk.items(ItemFilter(case=item.case_id)) if item.case_id else []
        return [each for each in found if each.item_id != item.item_id]

    def item(self, item_id: str) -> Item | None:
        """Return an item in whatever state it is, by its own id or that of a change in it."""
        try:
            return self._desk.item(item_id)
        except InputError:
            return None

    def citations(self, item: Item) -> list[Citation]:
        """Return what an item cites: the evidence as it was kept for it, and the passages quoted from it."""
        return self._desk.citations(item)

    def record_of(self, actor_id: str) -> str:
        """Return what people decided on an agent's items so far, in words."""
        return actor_record(self._desk.items(ItemFilter(actor=actor_id, states=())))

    def decide(self, decisions: Sequence[Decision], by: str) -> list[Outcome]:
        """Decide, all at once."""
        return self._desk.decide(decisions, by)

    def name_of(self, item: Item) -> str:
        """Return what people call an item's record, "" if nobody knows."""
        return self.names_of([item])[item.item_id]

    def names_of(self, items: Sequence[Item]) -> dict[str, str]:
        """Return what people call the records of items, by item id."""
        asked = {item.item_id: (item.snapshot_hash, item.object, item.record_id) for item in items if item.record_id}
        known = self.names.names(key for key in asked.values() if key[2])
        return {item.item_id: known.get(asked.get(item.item_id, ("", "", "")), "") for item in items}
