"""Where each item stands: ledger events folded one by one. Pure; which items there are is in `units`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemDecided, ItemRejudged, ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.review.model import Made

Phase = Literal["waiting", "approved_once", "approved", "rejected", "returned"]
STANDING_KINDS = frozenset(
    {ItemDecided.kind, ItemReturned.kind, ItemRejudged.kind, WritePlanned.kind, WriteSettled.kind}
)
"""The kinds of events after which an item stands otherwise."""
_REFUSING = frozenset({"reject", "dismiss"})
_DONE = frozenset({"written", "already_so"})


@dataclass(slots=True)
class Standing:
    """What happened to one item since it was sealed.

    `approvals`: the decisions that allow it now, the last one final once `phase` is approved. `edited_digest`: the kept
    value that stands instead of the sealed ones. `returned_at`: the event that sent it back, 0 for none.
    `before_digest`: the kept value that the last write found where it conflicted. `answer_digest`: what the CRM said to
    the last write that was not carried out.
    """

    phase: Phase = "waiting"
    decisions: list[Made] = field(default_factory=list)
    approvals: list[Made] = field(default_factory=list)
    edited_digest: str | None = None
    returned_at: int = 0
    returned_because: str = ""
    returned_note: str = ""
    rejudged: ItemRejudged | None = None
    before_digest: str | None = None
    # The record that a person picked, where nobody knew which one was meant; and what stood there when they decided.
    picked: str | None = None
    picked_before: str | None = None
    answer_digest: str | None = None
    # Keys of writes that may be under way, each with whether people approved it; which kind of write is done.
    sending: dict[str, bool] = field(default_factory=dict)
    written_by_itself: bool = False
    written_at: int = 0
    written_as_approved: bool = False

    @property
    def standing_sequence(self) -> int:
        """The decision that settles it, 0 for none."""
        stands = self.phase in ("approved", "rejected")
        return self.decisions[-1].sequence if stands and self.decisions else 0


class Standings:
    """The standing of every item that something happened to, by change id; fed with events in the order of the ledger.

    An item that nothing happened to stands at its beginning.
    """

    def __init__(self) -> None:
        self._by_id: dict[str, Standing] = {}
        self._writes: dict[str, WritePlanned] = {}

    def of(self, item_id: str) -> Standing:
        """Return where an item stands."""
        return self._by_id.get(item_id) or Standing()

    def decided(self) -> set[str]:
        """Return the ids of the items that a person decided on, or that were sent to one."""
        return {item_id for item_id, each in self._by_id.items() if each.decisions or each.returned_at}

    def fold(self, events: Iterable[Event]) -> set[str]:
        """Take events in; return the ids that they changed."""
        touched: set[str] = set()
        for event in events:
            touched |= set(self._take(event))
        return touched

    def _take(self, event: Event) -> list[str]:
        match event.kind:
            case ItemDecided.kind:
                self._decided(event)
            case ItemReturned.kind:
                self._returned(event)
            case ItemRejudged.kind:
                self._rejudged(event)
            case WritePlanned.kind:
                return self._planned(event)
            case WriteSettled.kind:
                return self._settled(event)
            case _:
                return []
        return [event.subject]

    def _at(self, item_id: str) -> Standing:
        return self._by_id.setdefault(item_id, Standing())

    def _decided(self, event: Event) -> None:
        said, standing = payload_of(event, ItemDecided), self._at(event.subject)
        told = said.model_dump(exclude={"batch_key", "group_id"})
        made = Made(sequence=event.sequence, by=event.recorded_by, at=event.recorded_at, **told)
        standing.decisions.append(made)
        if said.decision in _REFUSING:
            standing.phase, standing.approvals, standing.edited_digest = "rejected", [], None
            _pick(standing, None)
            return
        # Whoever approves another value than the first one did begins anew.
        is_second = standing.phase == "approved_once" and standing.edited_digest == said.edited_digest
        standing.approvals = [*standing.approvals, made] if is_second else [made]
        standing.phase = "approved" if said.is_final else "approved_once"
        standing.edited_digest = said.edited_digest
        _pick(standing, said.record_id)

    def _returned(self, event: Event) -> None:
        said, standing = payload_of(event, ItemReturned), self._at(event.subject)
        _send_back(standing, event.sequence, said.reason, said.note)

    def _rejudged(self, event: Event) -> None:
        said, standing = payload_of(event, ItemRejudged), self._at(event.subject)
        standing.rejudged = said
        if not said.stands and standing.phase in ("approved", "approved_once"):
            _send_back(standing, event.sequence, "policy_changed", f"by the new policy it is in the lane {said.lane}")

    def _planned(self, event: Event) -> list[str]:
        said = payload_of(event, WritePlanned)
        if said.undoes is not None:
            return []
        self._writes[event.subject] = said
        for change_id in said.change_ids:
            self._at(change_id).sending[event.subject] = bool(said.approvals)
        return said.change_ids

    def _settled(self, event: Event) -> list[str]:
        said, planned = payload_of(event, WriteSettled), self._writes.get(event.subject)
        if planned is None:
            return []
        for change_id in planned.change_ids:
            standing = self._at(change_id)
            standing.sending.pop(event.subject, None)
            if said.outcome in _DONE:
                standing.written_at = event.sequence
                standing.written_as_approved |= bool(planned.approvals)
                standing.written_by_itself |= not planned.approvals
                continue
            standing.answer_digest = said.answer_digest
            if said.outcome == "conflict":
                standing.before_digest = said.before_digest
        return planned.change_ids


def _pick(standing: Standing, record_id: str | None) -> None:
    """Note a pick, or that it is taken back: what a write found on the record picked before says nothing of another."""
    standing.picked_before = standing.picked
    if record_id != standing.picked:
        standing.picked, standing.before_digest = record_id, None


def _send_back(standing: Standing, sequence: int, reason: str, note: str) -> None:
    standing.phase, standing.approvals, standing.edited_digest = "returned", [], None
    standing.returned_at, standing.returned_because, standing.returned_note = sequence, reason, note
