"""One run of writing: settle what an earlier one left open, plan what is approved, carry it out. Also the dry run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from wb_pipeline.apply.compare import PolicyRules
from wb_pipeline.apply.engine import Desk, Engine
from wb_pipeline.apply.entries import Entry
from wb_pipeline.apply.gatekeeper import Gatekeeper
from wb_pipeline.apply.identity import claims_of
from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.apply.model import Write
from wb_pipeline.apply.outbox import kept_write, put_settled, read_outbox
from wb_pipeline.apply.patience import patiently
from wb_pipeline.apply.plan import plan_writes
from wb_pipeline.apply.prepare import Preparer
from wb_pipeline.apply.prepared import Prepared
from wb_pipeline.apply.receipts import publish_receipts
from wb_pipeline.apply.reconcile import reconcile
from wb_pipeline.apply.references import CREATABLE, References, creating_proposals
from wb_pipeline.apply.report import ApplyReport, Waiting
from wb_pipeline.apply.twins import freshly_made, second_ones_wait, with_told
from wb_pipeline.connectors.writing import CrmError, WritableCrm
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.review.approvals import Approvals, ApprovedChange, Held, VoidApproval
from wb_pipeline.review.approved import judge_approvals, return_void

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger

RECORDED_BY = "pipeline"
LOCK_FILE = "apply.lock"
_LOCK_SECONDS = 600.0


def apply_approved(  # noqa: PLR0913 - the books, the CRM, the time, and what a test sets
    home: Home,
    ledger: Ledger,
    crm: WritableCrm,
    now: datetime,
    *,
    batches: Collection[str] = (),
    limits: Limits | None = None,
    timing: Timing | None = None,
) -> ApplyReport:
    """Write everything that may be written at `now`; of some batches, where given. Publishes the receipts.

    What an earlier run left without an answer is looked up first, whatever batch it is of. Two runs wait for one
    another. Raises AuditError where the books do not verify, InputError where they were sent to another CRM.
    """
    with only_run(home):
        desk = open_desk(ledger, crm, limits=limits, timing=timing, by=RECORDED_BY)
        try:
            return _apply(home, desk, now, batches)
        finally:
            publish_receipts(home, ledger)


def _apply(home: Home, desk: Desk, now: datetime, batches: Collection[str]) -> ApplyReport:
    earlier = settle_earlier(desk)
    if earlier.stopped:
        return earlier
    judged = judge_approvals(home, desk.ledger, now)
    return_void(desk.ledger, judged.void)
    writes = _planned(home, desk, judged, batches)
    engine = Engine(desk, Preparer(desk.crm, PolicyRules(home), desk.references))
    report = engine.carry_out(writes, judged.sequence)
    report.settled = earlier.settled + report.settled
    report.held = list(judged.held)
    report.void = list(judged.void)
    return report


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do now: each write held against the record, what is held back, what is to be looked up."""

    prepared: list[Prepared]
    waiting: list[Waiting]
    held: list[Held]
    void: list[VoidApproval]
    unsettled: int


def preview(home: Home, ledger: Ledger, crm: WritableCrm, now: datetime, batches: Collection[str] = ()) -> Preview:
    """Return what `apply_approved` would do. Reads the CRM; writes neither there nor into the ledger (SYN-5)."""
    desk = open_desk(ledger, crm, by=RECORDED_BY)
    judged = judge_approvals(home, ledger, now)
    writes = _planned(home, desk, judged, batches)
    gate = Gatekeeper(ledger, desk.limits, desk.timing)
    waiting = [Waiting(write, f"the mode is {mode}") for write in writes if (mode := gate.held_by(write))]
    kept_back = {each.write.key for each in waiting}
    preparer = Preparer(crm, PolicyRules(home), desk.references)
    prepared = previewed(preparer, [write for write in writes if write.key not in kept_back], desk.limits)
    return Preview(prepared, waiting, list(judged.held), list(judged.void), len(desk.outbox.unsettled))


def previewed(preparer: Preparer, writes: Sequence[Write], limits: Limits) -> list[Prepared]:
    """Hold writes against the CRM, group by group. Raises InputError where it cannot be read."""
    found: list[Prepared] = []
    try:
        for start in range(0, len(writes), limits.group):
            found += preparer.prepare(writes[start : start + limits.group])
    except CrmError as error:
        raise InputError(f"the CRM cannot be read: {error.text}", hint="try again later") from error
    return second_ones_wait(found)


def _planned(home: Home, desk: Desk, judged: Approvals, batches: Collection[str]) -> list[Write]:
    """Return the writes that are due, in order; what the outbox holds as done or under way is left out."""
    due = [each for each in judged.standing if not batches or each.row["batch_key"] in batches]
    known = desk.outbox.known()
    writes = plan_writes(each for each in due if not _is_begun(each, known))
    if any(part.field in CREATABLE for write in writes for part in write.parts):
        rows = (change.row for change in sealed_changes(home, desk.ledger, lanes=("auto", "review")))
        desk.references.proposals.update(creating_proposals(rows))
    if any(map(claims_of, writes)):
        desk.references.made.update(freshly_made(desk.ledger, desk.outbox))
    return with_told(writes, desk.outbox, desk.ledger)


def _is_begun(approved: ApprovedChange, known: Mapping[str, Sequence[frozenset[int]]]) -> bool:
    asked = frozenset(approved.approvals)
    return any(asked <= under for change_id in approved.change_ids for under in known.get(change_id, ()))


def open_desk(
    ledger: Ledger, crm: WritableCrm, *, by: str, limits: Limits | None = None, timing: Timing | None = None
) -> Desk:
    """Read the outbox and gather what an engine works with."""
    outbox = read_outbox(ledger)
    made = References(ids=outbox.created())
    return Desk(ledger, crm, outbox, made, limits or Limits(), timing or Timing(), by)


def settle_earlier(desk: Desk) -> ApplyReport:
    """Find out what became of the writes that an earlier run left without an answer; nothing is begun before that."""
    report, entries = ApplyReport(), desk.outbox.unsettled
    if not entries:
        return report
    _refuse_another_crm(desk, entries)
    desk.timing.sleep(_seconds_to_wait(desk, entries))
    kept = kept_write(desk.ledger, entries)
    try:
        found = patiently(
            lambda: reconcile(desk.crm, entries, kept, desk.limits, desk.timing), desk.limits, desk.timing
        )
    except CrmError as error:
        report.open_keys = [entry.key for entry in entries]
        report.stopped = f"the CRM cannot be read: {error.text}"
        return report
    with desk.ledger.writing(desk.by) as book:
        put_settled(book, desk.outbox, found)
    desk.references.ids.update(desk.outbox.created())
    report.settled = found
    return report


@contextmanager
def only_run(home: Home) -> Iterator[None]:
    """Let one run write at a time; another one waits its turn. The system frees the lock of a killed process."""
    home.root.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home.root / LOCK_FILE, timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise InputError("another run has been writing to the CRM for long", hint="wait until it is done") from error


def _refuse_another_crm(desk: Desk, entries: Sequence[Entry]) -> None:
    others = sorted({entry.planned.crm for entry in entries} - {desk.crm.name})
    if others:
        message = f"{len(entries)} writes were sent to {others[0]} and have no answer yet"
        raise InputError(message, hint="name that CRM first: what became of them is found out by reading it")


def _seconds_to_wait(desk: Desk, entries: Sequence[Entry]) -> float:
    """Return how long a call of an earlier run may still take effect.

    Nothing of it is sent later than a group's time after it was planned. Where the ledger is our home's alone, that run
    is dead besides, since now at the latest: for we hold the lock.
    """
    settle = desk.crm.settle_seconds
    planned_at = max(datetime.fromisoformat(entry.planned_at) for entry in entries)
    # By the clock that wrote the events down, whatever it shows.
    left = desk.limits.group_seconds + settle - (desk.ledger.clock() - planned_at).total_seconds()
    return max(0.0, left if desk.ledger.is_shared else min(settle, left))
