"""Taking writes back: by the same outbox, dry run first, what somebody changed since left as it is (AUD-4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.apply.compare import PolicyRules
from wb_pipeline.apply.engine import Desk, Engine
from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.apply.outbox import kept_write
from wb_pipeline.apply.overlay import Overlay
from wb_pipeline.apply.prepare import Preparer
from wb_pipeline.apply.prepared import Prepared
from wb_pipeline.apply.receipts import publish_receipts
from wb_pipeline.apply.references import References
from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.apply.run import only_run, open_desk, settle_earlier
from wb_pipeline.apply.undo_history import pointing_writes, undos_of
from wb_pipeline.apply.undo_plan import Left, UndoPlan, is_made, plan_undo
from wb_pipeline.apply.undo_rights import require_rights, require_undoer
from wb_pipeline.apply.undo_selection import Selection
from wb_pipeline.connectors.writing import CrmError, WritableCrm
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.models_people import Reviewer


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and what was left from the start."""

    report: ApplyReport
    left: list[Left]


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What would be taken back, each held against the record as it will be then, and what is left."""

    prepared: list[Prepared]
    left: list[Left]
    unsettled: int


def undo(  # noqa: PLR0913 - the books, the CRM, what, who, why, and what a test sets
    home: Home,
    ledger: Ledger,
    crm: WritableCrm,
    selection: Selection,
    *,
    by: str,
    reason: str,
    limits: Limits | None = None,
    timing: Timing | None = None,
) -> Undone:
    """Take writes back in the name of a person, the latest first. A second time does nothing twice.

    Raises InputError without a reviewer whose rights reach each write, without a reason, or where nothing is named.
    """
    undoer = require_undoer(home, ledger, by, reason)
    with only_run(home):
        desk = open_desk(ledger, crm, by=by, limits=limits, timing=timing)
        try:
            return _undo(home, desk, selection, undoer, reason)
        finally:
            publish_receipts(home, ledger)


def undo_preview(
    home: Home, ledger: Ledger, crm: WritableCrm, selection: Selection, *, by: str, reason: str
) -> UndoPreview:
    """Return what `undo` would do. Reads the CRM; writes neither there nor into the ledger."""
    undoer = require_undoer(home, ledger, by, reason)
    desk = open_desk(ledger, crm, by=by)
    plan = _plan(desk, selection, undoer, reason)
    try:
        overlay = Overlay(crm, plan.writes)
    except CrmError as error:
        raise InputError(f"the CRM cannot be read: {error.text}", hint="try again later") from error
    preparer = Preparer(overlay, PolicyRules(home), References())
    prepared: list[Prepared] = []
    for write in plan.writes:
        for each in preparer.prepare([write]):
            overlay.imagine(each)
            prepared.append(each)
    return UndoPreview(prepared, plan.left, len(desk.outbox.unsettled))


def _undo(home: Home, desk: Desk, selection: Selection, undoer: Reviewer, reason: str) -> Undone:
    earlier = settle_earlier(desk)
    if earlier.stopped:
        return Undone(earlier, [])
    plan = _plan(desk, selection, undoer, reason)
    engine = Engine(desk, Preparer(desk.crm, PolicyRules(home), desk.references))
    report = engine.carry_out(plan.writes, desk.outbox.read_up_to)
    report.settled, report.is_undo = earlier.settled + report.settled, True
    return Undone(report, plan.left)


def _plan(desk: Desk, selection: Selection, undoer: Reviewer, reason: str) -> UndoPlan:
    entries = selection.entries(desk.outbox)
    pointing = pointing_writes(desk.outbox) if any(map(is_made, entries)) else []
    kept = kept_write(desk.ledger, [*entries, *undos_of(desk.outbox, entries), *pointing])
    plan = plan_undo(entries, desk.outbox, kept, by=desk.by, reason=reason)
    require_rights(plan, desk.outbox, undoer, desk.by)
    return plan
