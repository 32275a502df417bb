"""Denied changes in plain words, and attaching the evidence that they lack. Judging again is `steps.rejudging`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.errors import InputError
from wb_pipeline.review.persons import require_reviewer
from wb_pipeline.steps.pending import attach_evidence, pending_changes
from wb_pipeline.web.visit import go_to, own_address

if TYPE_CHECKING:
    from starlette.responses import Response

    from wb_pipeline.steps.pending import Pending
    from wb_pipeline.web.visit import Visit

_A_PAGE = 50
_LONGEST_ID = 500
_MOST_DIGITS = 6


def pending(visit: Visit) -> Response:
    """Show denied changes that may still pass."""
    return _page(visit)


def attach(visit: Visit) -> Response:
    """Note evidence that a person names for a denied change."""
    form, office = visit.form, visit.office
    change_id, evidence_id, reason = form["change_id"], form["evidence_id"].strip(), form["reason"].strip()
    problem = ""
    if len(evidence_id) > _LONGEST_ID or len(reason) > _LONGEST_ID or not evidence_id.isprintable():
        problem = "That is no id of an item in the evidence store, or the reason is too long"
    else:
        try:
            require_reviewer(office.home, office.ledger, visit.person)
            attach_evidence(office.home, office.ledger, change_id, evidence_id, visit.person, reason, office.now())
        except InputError as error:
            problem = error.message
    if problem:
        tried = {"change_id": change_id, "evidence_id": evidence_id, "reason": reason}
        return _page(visit, 422, f"{problem}. Nothing was changed.", tried)
    return go_to(own_address(form["here"] or "/pending").partition("?")[0], said="attached")


def _page(visit: Visit, status: int = 200, error: str = "", tried: dict[str, str] | None = None) -> Response:
    office = visit.office
    try:
        found = pending_changes(office.home, office.ledger, office.now())
    except InputError as problem:
        return visit.page("message.html", title="Denied changes", words=problem.message, hint=problem.hint)
    waiting = sorted((each for each in found if each.state == "waiting"), key=_order)
    pages = max(1, -(-len(waiting) // _A_PAGE))
    asked = visit.query["page"]
    number = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < _MOST_DIGITS else 1
    return visit.page(
        "pending.html",
        status,
        entries=waiting[(number - 1) * _A_PAGE : number * _A_PAGE],
        total=len(waiting),
        number=number,
        pages=pages,
        error=error,
        tried=tried or {"change_id": ""},
        here_address="/pending",
    )


def _order(each: Pending) -> tuple[bool, object, str]:
    """Return where a change stands: what evidence alone would mend comes first, there a person can do something."""
    return not each.is_for_evidence, each.expires_at, each.change_id
