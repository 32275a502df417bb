"""The outbox: which writes stand in the ledger, how each ended, and putting new ones in. Talks to no CRM (SYN-2)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from wb_pipeline.apply.entries import Entry, Settlement
from wb_pipeline.apply.model import Part
from wb_pipeline.apply.prepared import Prepared
from wb_pipeline.apply.returns import RETURNS, returned_items
from wb_pipeline.canonical import canonical_json
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.chain import Event, NewEvent
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.store import Book, Ledger

_MOST_ANSWER = 500


@dataclass(slots=True)
class Outbox:
    """Every write on the books by key, and the ledger's sequence up to which this was read."""

    entries: dict[str, Entry] = field(default_factory=dict)
    read_up_to: int = 0

    @property
    def unsettled(self) -> list[Entry]:
        """The writes that may have happened and of which nobody knows: settled before anything else."""
        return [entry for entry in self.entries.values() if entry.settled is None]

    def known(self) -> dict[str, list[frozenset[int]]]:
        """Return by change the approvals under which it is done or under way; an approval given since is another."""
        found: dict[str, list[frozenset[int]]] = defaultdict(list)
        for entry in self.entries.values():
            if entry.planned.undoes is None and (entry.settled is None or entry.is_done):
                for change_id in entry.planned.change_ids:
                    found[change_id].append(frozenset(entry.planned.approvals))
        return found

    def take(self, events: Iterable[Event]) -> None:
        """Fold further events of the ledger in."""
        for event in events:
            self.read_up_to = max(self.read_up_to, event.sequence)
            if event.kind == WritePlanned.kind:
                self._plan(event, payload_of(event, WritePlanned))
            elif event.kind == WriteSettled.kind:
                self._settle(event, payload_of(event, WriteSettled))

    def created(self) -> dict[str, str]:
        """Return {proposal key: record id} of the records that were made, without those that were taken back."""
        taken_back = {
            entry.planned.undoes
            for entry in self.entries.values()
            if entry.planned.undoes and entry.settled and entry.settled.outcome in ("written", "already_so")
        }
        return {
            entry.planned.proposal_key: entry.settled.record_id
            for entry in self.entries.values()
            if entry.planned.action == "create" and entry.settled and entry.settled.record_id
            if entry.settled.outcome in ("written", "already_so") and entry.key not in taken_back
        }

    def _plan(self, event: Event, planned: WritePlanned) -> None:
        earlier = self.entries.get(event.subject)
        entry = Entry(event.subject, planned, event.recorded_at, event.sequence, event.recorded_by)
        entry.found = earlier.found if earlier else []
        if earlier and earlier.planned.approvals == planned.approvals:
            entry.gave_up = earlier.gave_up
        self.entries[event.subject] = entry

    def _settle(self, event: Event, settled: WriteSettled) -> None:
        entry = self.entries.get(event.subject)
        if entry is None:
            return
        entry.settled, entry.settled_at, entry.settled_sequence = settled, event.recorded_at, event.sequence
        entry.gave_up += settled.outcome == "gave_up"
        if settled.outcome == "conflict" and settled.before_digest:
            entry.found.append((event.sequence, settled.before_digest))


def read_outbox(ledger: Ledger) -> Outbox:
    """Return the outbox as the ledger holds it now."""
    outbox = Outbox(read_up_to=ledger.head().sequence)
    outbox.take(_write_events(ledger))
    return outbox


def _write_events(source: Ledger | Book, after: int = 0) -> Iterator[Event]:
    found = [*source.events(WritePlanned.kind, after=after), *source.events(WriteSettled.kind, after=after)]
    yield from sorted(found, key=lambda event: event.sequence)


def put_planned(book: Book, outbox: Outbox, planned: Sequence[Prepared], crm: str) -> None:
    """Append one event per write. Raises InputError if somebody else put one of them in meanwhile."""
    outbox.take(_write_events(book, outbox.read_up_to))
    rivals = [each.key for each in planned if _is_taken(outbox.entries.get(each.key), each.write.approvals)]
    if rivals:
        raise InputError(f"write {rivals[0][:16]} was begun by another run meanwhile", hint="run it again")
    outbox.take(book.append([_planned_event(book, outbox, each, crm) for each in planned]))


def put_settled(book: Book, outbox: Outbox, settlements: Sequence[Settlement]) -> None:
    """Append how writes ended, and what goes back to a person because of it; each attempt ends once."""
    outbox.take(_write_events(book, outbox.read_up_to))
    events: list[NewEvent] = []
    for each in settlements:
        if outbox.entries[each.key].settled is not None:
            continue
        events.append(_settled_event(book, each))
        events += returned_items(outbox.entries[each.key], each)
    outbox.take(book.append(events))


def kept_write(ledger: Ledger, entries: Sequence[Entry]) -> dict[str, dict[str, Any]]:
    """Return by key what was to be written (`fields`, `base`, `before`, `marks`); erased ones are missing."""
    kept = ledger.kept(entry.planned.values_digest for entry in entries)
    return {
        entry.key: json.loads(kept[entry.planned.values_digest])
        for entry in entries
        if entry.planned.values_digest in kept
    }


def _is_taken(entry: Entry | None, approvals: Sequence[int]) -> bool:
    """Say whether a write is under way or done. What surely had no effect may be begun again by another approval."""
    if entry is None or entry.settled is None:
        return entry is not None
    is_allowed_anew = entry.settled.outcome in RETURNS and not set(approvals) <= set(entry.planned.approvals)
    return entry.is_done and not is_allowed_anew


def _planned_event(book: Book, outbox: Outbox, each: Prepared, crm: str) -> NewEvent:
    write, earlier = each.write, outbox.entries.get(each.key)
    values = {
        "fields": dict(each.fields),
        "base": {part.checked: part.base for part in write.parts},
        "before": dict(each.before),
        "marks": dict(each.marks),
        "payload": dict(write.payload),
        "changes": _changes_of(write.parts),
        "item_ids": list(write.item_ids),
        "is_archiving": write.is_archiving,
        "reason": write.reason,
        "policy_hash": write.policy_hash,
        "labels": list(write.labels),
    }
    payload = WritePlanned(
        change_ids=list(write.change_ids),
        approvals=list(write.approvals),
        batch_key=write.batch_key,
        proposal_key=write.proposal_key,
        actor_id=write.actor_id,
        action=write.action,
        object=write.made_object,
        record_id=each.record_id,
        fields=sorted(each.fields),
        values_digest=book.keep(canonical_json(values)),
        crm=crm,
        undoes=write.undoes,
        attempt=earlier.planned.attempt + 1 if earlier else 1,
    )
    return payload.about(each.key)


def _changes_of(parts: Sequence[Part]) -> dict[str, str]:
    return {part.field: part.change_id for part in parts}


def _settled_event(book: Book, each: Settlement) -> NewEvent:
    said = " ".join(filter(None, (each.answer, each.note)))[:_MOST_ANSWER]
    payload = WriteSettled(
        outcome=each.outcome,
        record_id=each.record_id,
        before_digest=None if each.before is None else book.keep(canonical_json(dict(each.before))),
        after_digest=None if each.after is None else book.keep(canonical_json(dict(each.after))),
        attempts=each.attempts,
        answer="",
        reconciled=each.is_reconciled,
        answer_digest=book.keep(said) if said else None,
    )
    return payload.about(each.key)
