"""The list of what waits: sorted, grouped, filtered, in pages. Deciding on several at once is `bulk_page`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from wb_pipeline.web import item_view
from wb_pipeline.web.filters import Entry, Filter, choices, entries, single_entries

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.responses import Response

    from wb_pipeline.review.model import Item
    from wb_pipeline.web.visit import Visit

ENTRIES_A_PAGE = 50
_SHOWN_CHANGES = 3
_LABELS = {
    "object": "Object",
    "field": "Field",
    "actor": "Agent",
    "gate": "Rule",
    "owner": "Owner",
    "batch": "Batch",
    "group": "Cause",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list as it is shown. `name` and `value`: what its box sends; `items`: how many it stands for."""

    title: str
    address: str
    changes: list[item_view.ChangeView]
    more_changes: int
    why: str
    actor: str
    badges: list[item_view.Badge]
    age: str
    name: str
    value: str
    items: int
    is_group: bool


def queue(visit: Visit) -> Response:
    """Show what waits for a decision."""
    return _list(visit, is_suggestion=False)


def suggestions(visit: Visit) -> Response:
    """Show what may be accepted or dismissed."""
    return _list(visit, is_suggestion=True)


def list_address(given: Filter, *, is_suggestion: bool, page: int = 1) -> str:
    """Return the address of a list."""
    path = "/suggestions" if is_suggestion else "/"
    query = "&".join(filter(None, (given.query, f"page={page}" if page > 1 else "")))
    return f"{path}?{query}" if query else path


def _list(visit: Visit, *, is_suggestion: bool) -> Response:
    asked = Filter.from_query(visit.query)
    every = visit.open_items(is_suggestion=is_suggestion)
    met = [item for item in every if asked.is_met(item)] if asked.given else every
    lines = single_entries(met) if asked.group else entries(met)
    pages = max(1, -(-len(lines) // ENTRIES_A_PAGE))
    page = min(_page_number(visit.query["page"]), pages)
    seen = lines[(page - 1) * ENTRIES_A_PAGE : page * ENTRIES_A_PAGE]
    return visit.page(
        "queue.html",
        is_suggestion=is_suggestion,
        rows=_rows(visit, seen, asked),
        found=len(met),
        total=len(every),
        asked=asked,
        chips=[
            (_LABELS[name], value, list_address(asked.without(name), is_suggestion=is_suggestion))
            for name, value in asked.given.items()
        ],
        choices=[(name, _LABELS[name], found) for name, found in choices(every).items() if len(found) > 1],
        page=page,
        before=list_address(asked, is_suggestion=is_suggestion, page=page - 1) if page > 1 else "",
        after=list_address(asked, is_suggestion=is_suggestion, page=page + 1) if page < pages else "",
        pages=pages,
        path="/suggestions" if is_suggestion else "/",
    )


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1  # noqa: PLR2004 - digits


def _rows(visit: Visit, seen: Sequence[Entry], asked: Filter) -> list[Row]:
    names = visit.office.names_of([entry.first for entry in seen])
    now = visit.office.now()
    return [
        _group_row(entry, asked, now) if entry.key else _item_row(entry.first, names[entry.first.item_id], asked, now)
        for entry in seen
    ]


def _item_row(item: Item, name: str, asked: Filter, now: datetime) -> Row:
    shown = [] if item.is_erased else [item_view.change_view(change) for change in item.fields[:_SHOWN_CHANGES]]
    return Row(
        item_view.title(item, name),
        item_address(item.item_id, asked),
        shown,
        max(0, len(item.fields) - len(shown)),
        first_objection(item),
        item.actor_id,
        item_view.badges(item, now),
        item_view.age(item, now),
        "item",
        item.item_id,
        1,
        is_group=False,
    )


def _group_row(entry: Entry, asked: Filter, now: datetime) -> Row:
    first, count = entry.first, len(entry.items)
    about = f"{first.fields[0].field} of {first.object}" if first.action == "update" and first.fields else ""
    return Row(
        f"{count} of one {'case' if first.case_id else 'cause'}: {about or f'{first.action} {first.object}'}",
        list_address(Filter(**(asked.given | {"group": entry.key})), is_suggestion=first.kind == "suggestion"),
        [],
        0,
        first_objection(first),
        ", ".join(sorted({item.actor_id for item in entry.items})[:_SHOWN_CHANGES]),
        item_view.badges(first, now),
        item_view.age(first, now),
        "cause",
        entry.key,
        count,
        is_group=True,
    )


def item_address(item_id: str, asked: Filter) -> str:
    """Return the address of an item's page, from which one comes back to the same list."""
    return f"/item/{quote(item_id, safe='')}" + (f"?{asked.query}" if asked.query else "")


def first_objection(item: Item) -> str:
    """Return why an item waits, in one sentence."""
    held = item.held_because if not item.objections else ""
    back = item_view.returned_words(item)
    found = item_view.objections(item)
    return back or held or (found[0].says if found else "")
