"""Who may take writes back: a reviewer of the policy in force whose rights reach each of them (AUD-4, RVW-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.errors import InputError
from wb_pipeline.review.people import reaches
from wb_pipeline.review.persons import require_reviewer

if TYPE_CHECKING:
    from wb_pipeline.apply.outbox import Outbox
    from wb_pipeline.apply.undo_plan import UndoPlan
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.models_people import Reviewer


def require_undoer(home: Home, ledger: Ledger, by: str, reason: str) -> Reviewer:
    """Return the rights of who takes writes back. Raises InputError for nobody, an agent, or without a reason."""
    if not reason.strip():
        raise InputError("taking back needs a reason, for the audit", hint="say it with --reason")
    return require_reviewer(home, ledger, by)


def require_rights(plan: UndoPlan, outbox: Outbox, undoer: Reviewer, by: str) -> None:
    """Raise InputError at the first write that somebody could not have approved: then nothing is taken back.

    What a deal is worth in between is not known before it is read, so a limit on its worth stops whoever has one.
    """
    for write in plan.writes:
        action = outbox.entries[str(write.undoes)].planned.action
        named = f"{action} {write.object} {write.record_id or ''} ({str(write.undoes)[:12]})"
        if not reaches(undoer, write.object, action, [part.field for part in write.parts]):
            raise InputError(
                f"the rights of {by} do not reach {named}", hint="name less, or let a reviewer who may do it"
            )
        if write.object == "deal" and undoer.deal_amount_up_to != "any":
            raise InputError(
                f"{by} has a limit on what deals are worth: {named}", hint="name less, or let one without do it"
            )
