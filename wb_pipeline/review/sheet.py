"""The queue as rows of a sheet: what is shown, and the five columns in which people decide. Files are in `sheet_files`.

A row that comes back is a decision like any other: bound to what was exported, checked by the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import canonical_json
from wb_pipeline.errors import InputError
from wb_pipeline.review.cells import safe_cell
from wb_pipeline.review.model import Candidate, Item, read_json

if TYPE_CHECKING:
    from datetime import datetime

DECIDING = ("decision", "reason", "words", "edited_value", "picked_record")
_SHOWN: dict[str, Callable[[Item], object]] = {
    "id": lambda item: item.item_id,
    "kind": lambda item: item.kind,
    "action": lambda item: item.action,
    "object": lambda item: item.object,
    "record": lambda item: item.record_id,
    "field": lambda item: ", ".join(each.field for each in item.fields),
    "old_value": lambda item: _values(item, {each.field: each.old_value for each in item.fields}),
    "new_value": lambda item: _values(item, {each.field: each.new_value for each in item.fields}),
    "why": lambda item: " ".join(dict.fromkeys(each.says for each in item.objections)),
    "to_pass": lambda item: " ".join(dict.fromkeys(each.to_pass for each in item.objections)),
    "returned": lambda item: item.returned_because,
    "rationale": lambda item: item.rationale,
    "actor": lambda item: item.actor_id,
    "source": lambda item: item.source,
    "confidence": lambda item: None if item.confidence is None else f"{item.confidence:g}",
    "match": lambda item: item.match_reason,
    "candidates": lambda item: "" if item.record_id else "; ".join(map(_candidate, item.candidates)),
    "evidence": lambda item: ", ".join(item.evidence),
    "owner": lambda item: item.owner_id,
    "case": lambda item: item.case_id,
    "value_at_risk": lambda item: None if item.value_at_risk is None else f"{item.value_at_risk:.0f}",
    "queued_at": lambda item: _time(item.queued_at),
    "due_at": lambda item: _time(item.due_at),
    "binding": lambda item: item.binding,
}
SHOWN = tuple(_SHOWN)
COLUMNS = (*SHOWN[:-1], *DECIDING, SHOWN[-1])
"""The columns of a sheet, in order; the binding, which nobody reads, is the last."""
_NEEDED = ("id", "binding", "decision")


def sheet_rows(items: Iterable[Item]) -> Iterable[list[str]]:
    """Yield the header and one row per item; no cell is a formula."""
    yield list(COLUMNS)
    for item in items:
        shown = shown_cells(item)
        yield [shown.get(name, "") for name in COLUMNS]


def shown_cells(item: Item) -> dict[str, str]:
    """Return {column: cell} of what is shown of an item."""
    return {name: safe_cell(value(item)) for name, value in _SHOWN.items()}


def header_problem(header: list[str]) -> str:
    """Return what is wrong with the header of a sheet that comes back, "" for nothing."""
    names = [name for name in header if name]
    if missing := [name for name in _NEEDED if name not in names]:
        return f"the column {missing[0]} is missing"
    if unknown := [name for name in names if name not in COLUMNS]:
        return f"the column {unknown[0][:80]!r} is none of ours; remarks belong into `words`"
    if len(set(names)) < len(names):
        return "a column stands there twice"
    return ""


def edits_of(item: Item, typed: str) -> Mapping[str, Any]:
    """Return what a person wrote into `edited_value`: the value of the one field, or JSON {field: value} of several.

    JSON text, lists and objects are read as JSON, anything else is the text itself. Raises InputError where several
    fields would need an object.
    """
    if not typed:
        return {}
    value: Any = read_json(typed) if typed[0] in '"[{' else typed
    if len(item.fields) == 1 and not isinstance(value, dict):
        return {item.fields[0].field: value}
    if not isinstance(value, dict):
        raise InputError('several fields are edited as {"field": "value"}')
    return value


def _candidate(candidate: Candidate) -> str:
    sure = "" if candidate.match_probability is None else f" ({candidate.match_probability:.0%})"
    telling = ", ".join(f"{name} {_plain(text)}" for name, text in candidate.telling.items())
    return f"{candidate.record_id}{sure}: {telling}"


def _values(item: Item, by_field: Mapping[str, str | None]) -> str:
    """Return the value of the one field as people write it; of several fields, or of a payload, JSON."""
    if len(item.fields) == 1:
        return _plain(next(iter(by_field.values())))
    shown = {name: read_json(text) for name, text in by_field.items() if text is not None}
    return canonical_json(shown or dict(item.payload)) if shown or item.payload else ""


def _plain(text: str | None) -> str:
    value = read_json(text)
    return "" if value is None else value if isinstance(value, str) else canonical_json(value)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
