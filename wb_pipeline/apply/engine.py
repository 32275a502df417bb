"""Carries writes out: read, compare, put into the outbox, send, read back, settle. Which writes, others say (SYN-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from wb_pipeline.apply.entries import Settlement
from wb_pipeline.apply.gatekeeper import Gatekeeper, SinceRead
from wb_pipeline.apply.identity import touched
from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.apply.model import Write
from wb_pipeline.apply.outbox import Outbox, kept_write, put_planned, put_settled
from wb_pipeline.apply.patience import patiently
from wb_pipeline.apply.plan import order_of
from wb_pipeline.apply.prepare import Preparer
from wb_pipeline.apply.prepared import Prepared
from wb_pipeline.apply.readback import Seen, read_back
from wb_pipeline.apply.reconcile import reconcile
from wb_pipeline.apply.references import References
from wb_pipeline.apply.report import ApplyReport, Waiting
from wb_pipeline.apply.send import Sender, Sent
from wb_pipeline.apply.settle import settled_sent, settled_unsent
from wb_pipeline.connectors.writing import (
    Conflict,
    CrmAnswer,
    CrmError,
    Locked,
    OutcomeUnknown,
    Throttled,
    Unavailable,
    WritableCrm,
)
from wb_pipeline.ledger.store import Book, Ledger

MOST_SENDINGS = 3
"""So often a write without any answer is planned in one run; then it is left to the next one."""


@dataclass(slots=True)
class _Open:
    """A write without an answer, and from when on it can no longer happen (monotonic seconds)."""

    write: Write
    due: float


@dataclass(frozen=True, slots=True)
class Desk:
    """What an engine works with: the books, the CRM, and by which clock. `by` is who the events name."""

    ledger: Ledger
    crm: WritableCrm
    outbox: Outbox
    references: References
    limits: Limits
    timing: Timing
    by: str


class Engine:
    """Carries out writes to one CRM, in groups, each once in effect."""

    def __init__(self, desk: Desk, preparer: Preparer) -> None:
        self._desk = desk
        self._preparer = preparer
        self._gate = Gatekeeper(desk.ledger, desk.limits, desk.timing)
        self._sender = Sender(desk.crm, desk.limits, desk.timing, self._may_send, preparer.torn)
        self._open: dict[str, _Open] = {}
        self._sendings: dict[str, int] = {}
        self._queue: list[Write] = []
        self._read_at = 0
        self.report = ApplyReport()

    def carry_out(self, writes: Sequence[Write], read_at: int) -> ApplyReport:
        """Carry out writes in their order, one after the other where they touch one record.

        `read_at`: the ledger's sequence as of which they are approved; whatever a person decided since then holds.
        """
        self._queue, self._read_at = list(writes), read_at
        started = self._desk.timing.monotonic()
        while (self._queue or self._open) and not self.report.stopped:
            if self._desk.timing.monotonic() - started > self._desk.limits.run_seconds:
                self.report.stopped = "the time for this run is up"
                break
            self._settle_due()
            if group := self._next_group():
                self._carry_out_group(group)
            elif self._open:
                self._wait()
        self.report.open_keys += self._open
        self.report.waiting += [Waiting(write, "the run stopped before it") for write in self._queue]
        return self.report

    def _next_group(self) -> list[Write]:
        """Take the next writes of one wave, no two of them on one record, none on a record with an open write.

        None while a record of an earlier wave may still be made: what comes later may point to it.
        """
        group: list[Write] = []
        if any(each.write.makes_record and order_of(each.write) < self._wave for each in self._open.values()):
            return group
        rest: list[Write] = []
        busy = {place for each in self._open.values() for place in touched(each.write)}
        for place, write in enumerate(self._queue):
            if len(group) >= self._desk.limits.group or order_of(write) != self._wave:
                rest += self._queue[place:]
                break
            places = touched(write)
            (rest if places & busy else group).append(write)
            busy |= places
        self._queue = rest
        return group

    @property
    def _wave(self) -> int:
        return order_of(self._queue[0]) if self._queue else 0

    def _carry_out_group(self, group: Sequence[Write]) -> None:
        allowed = [write for write in group if not self._is_held(write)]
        try:
            prepared = patiently(lambda: self._preparer.prepare(allowed), self._desk.limits, self._desk.timing)
        except CrmError as error:
            self._queue = [*allowed, *self._queue]
            self.report.stopped = f"the CRM cannot be read: {error.text}"
            return
        self._conclude(self._sender.send(self._put(prepared)))

    def _put(self, prepared: Sequence[Prepared]) -> list[Prepared]:
        """Put writes into the outbox, in one commit, with what is settled already; return those to send."""
        ready = [each for each in prepared if each.state != "waits"]
        self.report.waiting += [Waiting(each.write, each.note) for each in prepared if each.state == "waits"]
        if not ready:
            return []
        with self._desk.ledger.writing(self._desk.by) as book:
            self._gate.ask(book)
            fit, dropped = self._fit(book, ready)
            put_planned(book, self._desk.outbox, fit, self._desk.crm.name)
            settled = [settled_unsent(each) for each in fit if each.state != "send"]
            put_settled(book, self._desk.outbox, settled)
        self.report.waiting += dropped
        self._note(settled)
        return [each for each in fit if each.state == "send"]

    def _fit(self, book: Book, ready: Sequence[Prepared]) -> tuple[list[Prepared], list[Waiting]]:
        since = SinceRead(book, self._read_at)
        fit: list[Prepared] = []
        dropped: list[Waiting] = []
        for each in ready:
            if why := since.forbids(each.write):
                dropped.append(Waiting(each.write, why))
            elif mode := self._gate.held_by(each.write):
                dropped.append(Waiting(each.write, f"the mode is {mode}"))
            else:
                fit.append(each)
        return fit, dropped

    def _conclude(self, sent: Sequence[Sent]) -> None:
        seen = self._seen(sent)
        settled: list[Settlement] = []
        due = self._desk.timing.monotonic() + self._desk.crm.settle_seconds
        torn = self._stands([each.prepared for each in sent if isinstance(each.answer, Conflict)])
        self.report.stopped = _away(sent)
        for each in sent:
            key = each.prepared.key
            is_unseen = isinstance(each.answer, CrmAnswer) and key not in seen
            self._sendings[key] = self._sendings.get(key, 0) + 1
            if isinstance(each.answer, OutcomeUnknown) or is_unseen:
                self._open[key] = _Open(each.prepared.write, due)
            else:
                settled.append(settled_sent(each, seen.get(key), torn.get(key), is_away=bool(self.report.stopped)))
        self._settle(settled)
        # The time of its group was up: it goes with another one.
        self._again([each.prepared.write for each in sent if each.answer is None])

    def _seen(self, sent: Sequence[Sent]) -> dict[str, Seen]:
        """Read back what was answered; what cannot be read now is looked up like a write without an answer."""
        answered = [(each.prepared, each.answer.record_id) for each in sent if isinstance(each.answer, CrmAnswer)]
        try:
            return read_back(self._desk.crm, answered, self._desk.limits, self._desk.timing)
        except CrmError:
            return {}

    def _stands(self, torn: Sequence[Prepared]) -> dict[str, dict[str, Any]]:
        try:
            return self._preparer.stands(torn)
        except CrmError:
            return {}

    def _settle(self, settled: Sequence[Settlement]) -> None:
        if settled:
            with self._desk.ledger.writing(self._desk.by) as book:
                put_settled(book, self._desk.outbox, settled)
            self._note(settled)

    def _note(self, settled: Sequence[Settlement]) -> None:
        self.report.settled += settled
        for each in settled:
            if each.write and each.outcome == "written" and each.record_id:
                self._desk.references.note(each.write, each.record_id)

    def _wait(self) -> None:
        due = min(each.due for each in self._open.values())
        self._desk.timing.sleep(max(0.0, due - self._desk.timing.monotonic()))
        for each in self._open.values():
            # A clock that a sleep does not move must not keep us here.
            each.due = min(each.due, self._desk.timing.monotonic()) if each.due <= due else each.due

    def _settle_due(self) -> None:
        """Find out by reading what became of writes without an answer; what surely had no effect is queued again."""
        now = self._desk.timing.monotonic()
        entries = [self._desk.outbox.entries[key] for key, each in self._open.items() if each.due <= now]
        if not entries:
            return
        kept = kept_write(self._desk.ledger, entries)
        desk = self._desk
        try:
            found = patiently(
                lambda: reconcile(desk.crm, entries, kept, desk.limits, desk.timing), desk.limits, desk.timing
            )
        except CrmError as error:
            self.report.stopped = f"the CRM cannot be read: {error.text}"
            return
        writes = {each.key: self._open.pop(each.key).write for each in found}
        self._settle([replace(each, write=writes[each.key]) for each in found])
        self._again([writes[each.key] for each in found if each.outcome == "voided"])

    def _again(self, voided: Sequence[Write]) -> None:
        spent = [write for write in voided if self._sendings[write.key] >= MOST_SENDINGS]
        self._queue = [write for write in voided if write not in spent] + self._queue
        self.report.waiting += [Waiting(write, "the CRM gave no answer again and again") for write in spent]

    def _may_send(self, prepared: Prepared) -> bool:
        return not self._gate.held_by(prepared.write)

    def _is_held(self, write: Write) -> bool:
        mode = self._gate.held_by(write)
        if mode:
            self.report.waiting.append(Waiting(write, f"the mode is {mode}"))
        return bool(mode)


def _away(sent: Sequence[Sent]) -> str:
    """Say so where nothing of a group got through: the rest would only knock at the same door."""
    answers = [each.answer for each in sent if each.answer is not None]
    away = [answer for answer in answers if isinstance(answer, Throttled | Unavailable)]
    is_away = bool(away) and all(isinstance(answer, Throttled | Unavailable | Locked) for answer in answers)
    return f"the CRM takes no writes now: {away[0].text}" if is_away else ""
