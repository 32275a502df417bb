"""The desk: the queue as it stands, kept up to date with the ledger, and decisions on it (RVW-1 to RVW-6).

Holds what it read in memory; the ledger stays the one truth. How a decision is judged is in `deciding`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from threading import RLock
from typing import TYPE_CHECKING

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.kinds import ActorSwitched, BatchSealed, ManifestCommitted, PolicyRegistered, SnapshotTaken
from wb_pipeline.ledger.kinds_writes import KeptValuesErased, ModeSwitched
from wb_pipeline.ledger.modes import modes
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.review.citations import citations_of
from wb_pipeline.review.context import Context
from wb_pipeline.review.deciding import Judge
from wb_pipeline.review.filters import ItemFilter, by_importance
from wb_pipeline.review.items import as_of, made_items
from wb_pipeline.review.units import Unit, units_of

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.citations import Citation
    from wb_pipeline.review.kept_files import EvidenceItem
    from wb_pipeline.review.model import Decision, Item, Outcome

_ASKING_LANES = ("review", "suggest")
# After one of these every item may look otherwise.
_OF_EVERYTHING = frozenset({SnapshotTaken.kind, PolicyRegistered.kind, ManifestCommitted.kind, KeptValuesErased.kind})
_OF_AUTOMATIC = frozenset({ModeSwitched.kind, ActorSwitched.kind, BatchSealed.kind})


def utc_clock() -> datetime:
    """Return the present moment with the zone UTC."""
    return datetime.now(UTC)


class Desk:
    """The queue of a home. Safe for threads; every method sees the ledger as of its last `refresh`, which they call."""

    def __init__(self, home: Home, ledger: Ledger, clock: Callable[[], datetime] = utc_clock) -> None:
        self._home, self._ledger, self._clock = home, ledger, clock
        self._lock = RLock()
        self._context = Context(home, ledger)
        self._sequence = self._loaded_sequence = 0
        self._units: dict[str, Unit] = {}
        self._unit_of: dict[str, str] = {}
        self._held: set[str] = set()
        self._items: dict[str, Item] = {}
        self._stale: set[str] = set()
        self._sealed_news = self._automatic_news = False

    def refresh(self) -> None:
        """Take in what the ledger says since the last time."""
        with self._lock:
            self._take(self._ledger.events(after=self._sequence))
            if self._sealed_news:
                self._load_sealed()
            if self._automatic_news:
                self._load_automatic()
            self._renew()

    def items(self, wanted: ItemFilter | None = None) -> list[Item]:
        """Return the items asked for (the open ones), those that matter most first."""
        asked, now = wanted or ItemFilter(), self._clock()
        with self._lock:
            self.refresh()
            return by_importance(item for each in self._items.values() if asked.takes(item := as_of(each, now)))

    def item(self, item_id: str) -> Item:
        """Return one item, whatever its state. Raises InputError if there is none."""
        with self._lock:
            self.refresh()
            found = self._items.get(self._unit_of.get(item_id, item_id))
            if found is None:
                raise InputError(f"there is no item {item_id!r}", hint="`wb review list` shows their ids")
            return as_of(found, self._clock())

    def evidence(self, item: Item) -> list[EvidenceItem]:
        """Return the evidence that an item cites, as it was kept for it."""
        with self._lock:
            self.refresh()
            return self._context.files.evidence_items(item.evidence_hash, item.evidence)

    def citations(self, item: Item) -> list[Citation]:
        """Return what an item cites: the evidence as it was kept for it, and the passages quoted from it."""
        with self._lock:
            self.refresh()
            return citations_of(self._home, self._ledger, self._context.files, item)

    def decide(self, decisions: Sequence[Decision], by: str) -> list[Outcome]:
        """Decide in one ledger transaction; return what became of each, in their order.

        One that cannot be decided does not stop the others. Whoever comes second is refused, and that is on record.
        """
        with self._lock:
            self.refresh()
            self._read_deals(decisions)
            with self._ledger.writing(by or "nobody") as book:
                self._take(book.events(after=self._sequence))
                self._renew()
                now = self._clock()
                shown = {item_id: as_of(item, now) for item_id, item in self._items.items()}
                judge = Judge(self._context, shown, book, by, now)
                judged = [judge.decide(self._with_item_id(decision)) for decision in decisions]
                appended = book.append(judge.events)
            self.refresh()
        return [outcome.numbered(appended) for outcome in judged]

    def _read_deals(self, decisions: Iterable[Decision]) -> None:
        """Read what is written to deals by itself, where one of them is decided on: it takes a look at every batch."""
        named = (self._items.get(self._unit_of.get(each.item_id, each.item_id)) for each in decisions)
        if any(item is not None and item.object == "deal" for item in named):
            self._context.automatic_deals.refresh()

    def _with_item_id(self, decision: Decision) -> Decision:
        """Let the id of any change stand for its item's."""
        return replace(decision, item_id=self._unit_of.get(decision.item_id, decision.item_id))

    def _take(self, events: Sequence[Event]) -> None:
        """Fold events in; what they call for is loaded by `refresh`."""
        if not events:
            return
        kinds = {event.kind for event in events}
        touched = self._context.fold(events)
        self._sequence = events[-1].sequence
        self._sealed_news |= BatchSealed.kind in kinds
        self._automatic_news |= bool(kinds & _OF_AUTOMATIC) or bool(touched - self._unit_of.keys())
        self._stale |= set(self._units) if kinds & _OF_EVERYTHING else self._items_of(touched)

    def _items_of(self, change_ids: Iterable[str]) -> set[str]:
        return {self._unit_of[each] for each in change_ids if each in self._unit_of}

    def _load_sealed(self) -> None:
        """Take in what was sealed for people since the last time."""
        found = sealed_changes(
            self._home, self._ledger, lanes=_ASKING_LANES, after_sequence=self._loaded_sequence, whole_proposals=True
        )
        self._add(unit for unit in units_of(found) if unit.lane != "auto")
        self._loaded_sequence = max([self._loaded_sequence, *(each.sealed_sequence for each in found)])
        self._sealed_news = False

    def _load_automatic(self) -> None:
        """Take in, or let go, what would be written without a person but for a mode, or came back from a write."""
        held = {unit.item_id: unit for unit in self._automatic_units()}
        for item_id in self._held - held.keys():
            for member in self._units.pop(item_id).members:
                self._unit_of.pop(member.change_id, None)
            self._items.pop(item_id, None)
        self._add(unit for item_id, unit in held.items() if item_id not in self._held)
        self._held = set(held)
        self._automatic_news = False

    def _automatic_units(self) -> Iterator[Unit]:
        in_force = modes(self._ledger)
        known = sorted(self._context.standings.decided() - self._asked())
        found = []
        if any(mode != "running" for mode in in_force.by_subject.values()):
            found = sealed_changes(self._home, self._ledger, lanes=["auto"], whole_proposals=True)
        elif known:
            found = sealed_changes(self._home, self._ledger, change_ids=known, whole_proposals=True)
        for unit in units_of(found):
            standing = self._context.standing_of(unit)
            is_held = in_force.of(unit.row["actor_id"]) == "review_everything" and not standing.written_by_itself
            if unit.lane == "auto" and (standing.decisions or standing.returned_at or is_held):
                yield unit

    def _asked(self) -> set[str]:
        """Return the ids of the changes that the gates sent to people."""
        return {each for each, item_id in self._unit_of.items() if item_id not in self._held}

    def _add(self, units: Iterable[Unit]) -> None:
        for unit in units:
            self._units[unit.item_id] = unit
            self._unit_of |= dict.fromkeys((member.change_id for member in unit.members), unit.item_id)
            self._stale.add(unit.item_id)

    def _renew(self) -> None:
        """Make the items anew whose ground moved."""
        stale = [self._units[each] for each in self._stale if each in self._units]
        self._items |= made_items(stale, self._context)
        self._stale.clear()
