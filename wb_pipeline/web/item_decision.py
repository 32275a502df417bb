"""A decision on one item, from its form to the next item. What may be decided is for `review` to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.review.model import Decision
from wb_pipeline.web.decision_form import DID, Problem, Tried, sentence
from wb_pipeline.web.edits import TypedWrongError, typed_edits
from wb_pipeline.web.filters import Filter
from wb_pipeline.web.item_page import item_answer, listed, neighbours
from wb_pipeline.web.queue_page import item_address, list_address
from wb_pipeline.web.visit import go_to

if TYPE_CHECKING:
    from starlette.responses import Response

    from wb_pipeline.review.model import Item, Outcome
    from wb_pipeline.web.visit import Visit

_MOST_DIGITS = 16
_OF_REASONS = frozenset({"no_reason", "no_words", "too_many_words"})
_HINTS = {
    "decided_already": "The first decision stands; yours is noted without effect.",
    "changed": "Nothing was decided. What you see now is what stands now: look at it again.",
    "written": "It cannot be decided any more. What was written is taken back by `wb undo`.",
    "expired": "It cannot be decided any more.",
}


def decide_item(visit: Visit) -> Response:
    """Take a decision; open the next item, or this one again with what was wrong and what was typed."""
    form = visit.form
    item = visit.office.item(visit.path["item_id"])
    if item is None:
        return visit.not_found("There is no such item. Nothing was changed.")
    typed, is_edit = form.starting("value:"), bool(form["is_edit"])
    tried = Tried(form["decision"], form["reason_code"], form["words"], is_edit, typed, form["record_id"])
    if tried.decision not in DID:
        return item_answer(visit, item, 422, Problem("Say what is decided. Nothing was changed."), tried)
    try:
        edits = typed_edits(item, tried.values) if tried.is_edit else {}
    except TypedWrongError as wrong:
        return item_answer(visit, item, 422, Problem(wrong.words, wrong.field), tried)
    onward = _next_address(visit, item)
    decision = Decision(
        item.item_id,
        tried.decision,  # type: ignore[arg-type]  # it is one of DID
        form["binding"],
        tried.reason_code,
        tried.words,
        edits,
        _sequence(form["supersedes"]),
        tried.record_id or None,
    )
    (outcome,) = visit.office.decide([decision], visit.person)
    if outcome.is_done:
        said = "approved_once" if outcome.code == "decided_once" else DID[tried.decision]
        return go_to(onward, said=said, about=item.item_id)
    return _refused(visit, item.item_id, outcome, tried)


def _refused(visit: Visit, item_id: str, outcome: Outcome, tried: Tried) -> Response:
    visit.look_again()
    item = visit.office.item(item_id)
    if item is None:
        return visit.not_found("This item is not there any more. Nothing was changed.")
    return item_answer(visit, item, 409 if outcome.code in _HINTS else 422, _problem(item, outcome), tried)


def _sequence(text: str) -> int:
    """Return the ledger event that a form names, 0 for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else 0


def _problem(item: Item, outcome: Outcome) -> Problem:
    """Return what was wrong, at the field that it is about."""
    if outcome.code == "bad_edit":
        field, _, words = outcome.message.partition(": ")
        return Problem(sentence(words), next((each.change_id for each in item.fields if each.field == field), ""))
    at = "reason_code" if outcome.code in _OF_REASONS else ""
    return Problem(sentence(outcome.message), at, _HINTS.get(outcome.code, ""))


def _next_address(visit: Visit, item: Item) -> str:
    """Return where the next item of the same list is, found before this one leaves it; else the list."""
    asked, (_, after) = Filter.from_query(visit.query), neighbours(visit, item)
    if after:
        return after
    rest = [each for each in listed(visit, item) if each.item_id != item.item_id]
    return (
        item_address(rest[0].item_id, asked) if rest else list_address(asked, is_suggestion=item.kind == "suggestion")
    )
