"""One item with everything in view. The decision on it is `item_decision`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.review.model import REJECT_REASONS, read_json
from wb_pipeline.web import item_view
from wb_pipeline.web.candidate_view import candidate_views
from wb_pipeline.web.cited_evidence import cited_evidence
from wb_pipeline.web.decision_form import DID, REASONS, Problem, Tried
from wb_pipeline.web.filters import Filter
from wb_pipeline.web.queue_page import item_address, list_address
from wb_pipeline.web.shown_text import value_words

if TYPE_CHECKING:
    from starlette.responses import Response

    from wb_pipeline.review.model import Item, Made
    from wb_pipeline.web.visit import Visit

_MOST_OTHERS = 10


@dataclass(frozen=True, slots=True)
class DecidedView:
    """A decision as it is told."""

    words: str
    at: str
    said: str


def show_item(visit: Visit) -> Response:
    """Show an item."""
    item = visit.office.item(visit.path["item_id"])
    if item is None:
        return visit.not_found("There is no such item. It may never have waited for a person.")
    return item_answer(visit, item)


def neighbours(visit: Visit, item: Item) -> tuple[str, str]:
    """Return the addresses of the items before and after one in the list, "" for none."""
    asked = Filter.from_query(visit.query)
    ids = [each.item_id for each in listed(visit, item)]
    if item.item_id not in ids:
        return "", item_address(ids[0], asked) if ids else ""
    at = ids.index(item.item_id)
    return (
        item_address(ids[at - 1], asked) if at else "",
        item_address(ids[at + 1], asked) if at + 1 < len(ids) else "",
    )


def listed(visit: Visit, item: Item) -> list[Item]:
    """Return the open items of the list from which somebody came to an item."""
    asked = Filter.from_query(visit.query)
    return [each for each in visit.open_items(is_suggestion=_is_suggestion(item)) if asked.is_met(each)]


def _is_suggestion(item: Item) -> bool:
    return item.kind == "suggestion"


def item_answer(
    visit: Visit, item: Item, status: int = 200, error: Problem | None = None, tried: Tried | None = None
) -> Response:
    """Return the page of an item; with what somebody tried, and what was wrong with that."""
    office, name = visit.office, visit.office.name_of(item)
    before, after = neighbours(visit, item)
    asked = Filter.from_query(visit.query)
    values = [] if item.is_erased else [value_words(read_json(change.new_value)) for change in item.fields]
    shown = _Shown(item, name, visit)
    return visit.page(
        "item.html",
        status,
        item=shown,
        candidates=candidate_views(item),
        evidence=cited_evidence(office.citations(item), values),
        actor_record=office.record_of(item.actor_id),
        decisions=[_decided(made) for made in item.decisions],
        others=_others(visit, item),
        before=before,
        after=after,
        back=list_address(asked, is_suggestion=_is_suggestion(item)),
        reasons=REASONS,
        error=error,
        tried=tried or Tried(),
        here_address=visit.address,
        post_to=item_address(item.item_id, asked),
    )


class _Shown:
    """An item under the names that the template uses."""

    def __init__(self, item: Item, name: str, visit: Visit) -> None:
        self._item = item
        self.title = item_view.title(item, name)
        self.badges = item_view.badges(item, visit.office.now())
        self.changes = [] if item.is_erased else [item_view.change_view(change) for change in item.fields]
        self.payload = list(item_view.payload_view(item))
        self.objections = item_view.objections(item)
        self.returned = item_view.returned_words(item)
        self.confidence = item_view.confidence_words(item)
        self.origin = item_view.origin(item)
        self.target = item_view.target(item, name)
        self.state_words = item_view.state_words(item)
        self.is_suggestion = _is_suggestion(item)
        self.is_whole = item.action != "update"
        self.has_old = any(not item_view.is_empty(change.old_value) for change in item.fields)
        self.can_decide = item.state not in ("written", "writing") and not (
            self.is_suggestion and item.state == "expired"
        )
        self.can_edit = not (self.is_suggestion or item.is_erased) and any(change.edit_kind for change in self.changes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._item, name)


def _decided(made: Made) -> DecidedView:
    more = "" if made.is_final else "; a second person has to approve it too"
    reason = f" ({REJECT_REASONS.get(made.reason_code, made.reason_code)})" if made.reason_code else ""
    edited = " with another value" if made.edited_digest else ""
    return DecidedView(f"{made.by} {DID[made.decision]} it{edited}{reason}{more}", made.at, made.words)


def _others(visit: Visit, item: Item) -> list[dict[str, str]]:
    """Return the other open items of the same case."""
    case = visit.office.case_of(item)[:_MOST_OTHERS]
    names = visit.office.names_of(case)
    wanted = {each.item_id: value_words(read_json(each.fields[0].new_value)) if each.fields else "" for each in case}
    return [
        {
            "title": f"{item_view.title(each, names[each.item_id])}: {wanted[each.item_id]} ({each.actor_id})",
            "address": item_address(each.item_id, Filter()),
        }
        for each in case
    ]
