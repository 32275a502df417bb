"""An item as pages show it: titles, values beside each other, marks, why it waits. Nothing is read or decided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from wb_pipeline.review.model import read_json
from wb_pipeline.web.difference import Piece, difference
from wb_pipeline.web.match_words import found_words
from wb_pipeline.web.shown_text import value_words
from wb_pipeline.web.time_words import age_words, moment_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from wb_pipeline.review.model import FieldChange, Item, Objection

EditKind = Literal["line", "long", "choice", ""]
_LONG_FROM = 60
_STOPPED = frozenset({"deny", "noop", "quarantine"})
_PER_CENT = 100
_STATES = {
    "approved": "It is approved and waits to be written.",
    "rejected": "It is rejected.",
    "expired": "It has expired: nobody decided, or nobody wrote it in time.",
    "writing": "It is approved and is being written.",
    "written": "It is written.",
}
_NEEDING = frozenset({"update", "trigger"})


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark on an item. `weight`: "warn", "alarm" or ""."""

    words: str
    weight: str = ""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One field: both values in pieces, and how it may be edited ("" for not at all)."""

    change_id: str
    field: str
    old_pieces: list[Piece]
    new_pieces: list[Piece]
    old_is_empty: bool
    new_is_empty: bool
    edit_kind: EditKind
    edit_text: str
    note: str


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """Why it was stopped, in words; `found`: what the gate found, by name."""

    says: str
    to_pass: str
    is_label: bool
    field: str
    found: list[tuple[str, str]]


def change_view(change: FieldChange) -> ChangeView:
    """Return a field's old value beside its new one."""
    old, new = value_words(read_json(change.old_value)), value_words(read_json(change.new_value))
    old_pieces, new_pieces = difference(old, new)
    return ChangeView(
        change.change_id,
        change.field,
        old_pieces,
        new_pieces,
        is_empty(change.old_value),
        is_empty(change.new_value),
        _edit_kind(change),
        "" if is_empty(change.new_value) else new,
        _change_note(change),
    )


def is_empty(text: str | None) -> bool:
    """Say whether a value of the books is no value."""
    return read_json(text) in (None, "", [])


def title(item: Item, name: str) -> str:
    """Return what an item is about. `name`: what people call the record, "" if nobody knows."""
    record = f"{item.object} {name or item.record_id or ''}".strip()
    match item.action:
        case "update":
            field = item.fields[0].field if item.fields else "nothing"
            return f"{field} of {record}" if name or item.record_id else f"{field} of an unknown {item.object}"
        case "create":
            return f"New {item.object} {_called(item)}".strip()
        case "log":
            kind = next((value_words(read_json(c.new_value)) for c in item.fields if c.field == "activity_type"), "")
            return f"New {kind or item.object}"
        case "trigger":
            return f"Start {value_words(item.payload.get('workflow_id'))} for {record}"
        case "merge":
            return f"Merge {item.object} {value_words(item.payload.get('loser'))} into {name or item.record_id}"
        case other:
            return f"{other} {record}"


def badges(item: Item, now: datetime) -> list[Badge]:
    """Return what makes an item stand out, the weightiest first."""
    found = [Badge("opt-out", "alarm")] if item.is_opt_out else []
    if item.state == "returned":
        found.append(Badge("came back", "alarm"))
    if item.state == "approved_once":
        found.append(Badge("second approval", "warn"))
    elif item.needs_second:
        found.append(Badge("needs two people", "warn"))
    if item.held_because and item.is_open:
        found.append(Badge("held", "warn"))
    if item.is_open and item.is_overdue(now):
        found.append(Badge("overdue", "warn"))
    if item.value_at_risk:
        found.append(Badge(_at_risk(item.value_at_risk)))
    return found + [Badge(label.replace("_", " ")) for label in item.labels]


def objections(item: Item) -> list[ObjectionView]:
    """Return why an item was stopped, mere labels last."""
    return sorted((_objection(each) for each in item.objections), key=lambda each: each.is_label)


def returned_words(item: Item) -> str:
    """Return why an item came back, "" if it did not."""
    return f"It was approved, and came back: {item.returned_because}." if item.returned_because else ""


def state_words(item: Item) -> str:
    """Return why nobody has to decide on an item."""
    return " ".join(filter(None, (_STATES.get(item.state, item.state), item.held_because)))


def confidence_words(item: Item) -> str:
    """Return how sure the agent says it is, and what of it is believed."""
    claimed, used = item.claimed_confidence, item.confidence
    if claimed is None:
        return "" if used is None else f"{used:g} of 100"
    return f"{claimed:g} of 100" + (f", of which {used:g} is believed" if used is not None and used != claimed else "")


def origin(item: Item) -> list[tuple[str, str]]:
    """Return where an item comes from, by name."""
    given = (
        ("Source", item.source),
        ("Workflow", item.workflow_id),
        ("Batch", item.batch_label or item.batch_key[:16]),
        ("Line", str(item.line_number)),
        ("Waits since", moment_words(item.queued_at)),
        ("Lapses", lapse_words(item)),
    )
    return [(label, value) for label, value in given if value]


def lapse_words(item: Item) -> str:
    """Return when an item lapses if nobody does anything."""
    if item.expires_at is None:
        return "never: it waits until somebody decides"
    return moment_words(item.expires_at)


def target(item: Item, name: str) -> list[tuple[str, str]]:
    """Return which record is meant and how it was found, by name."""
    likely = item.match_probability
    given = (
        ("Object", item.object),
        ("Name", name),
        ("Id", item.record_id or ("not known" if item.action in _NEEDING else "a new one")),
        ("Owner", item.owner_id),
        ("Found", found_words(item.match_method)),
        ("How likely", f"{likely * _PER_CENT:.1f} %" if likely is not None else ""),
        ("Why", item.match_reason),
    )
    return [(label, value) for label, value in given if value]


def payload_view(item: Item) -> Iterator[tuple[str, str]]:
    """Yield what a trigger or merge names."""
    for name, value in item.payload.items():
        yield name.replace("_", " "), value_words(value)


def age(item: Item, now: datetime) -> str:
    """Return how long an item waits."""
    return age_words(item.queued_at, now)


def _called(item: Item) -> str:
    values: Mapping[str, Any] = {change.field: read_json(change.new_value) for change in item.fields}
    parts = [values.get("first_name"), values.get("last_name")]
    person = " ".join(str(part) for part in parts if part)
    return person or str(values.get("name") or values.get("email") or "")


def _objection(each: Objection) -> ObjectionView:
    found = [(name.replace("_", " "), _detail(value)) for name, value in each.details.items() if value is not None]
    says = each.says or each.reason.replace("_", " ")
    return ObjectionView(says, each.to_pass, each.verdict == "label", each.field or "", found)


def _detail(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return "; ".join(
            ", ".join(f"{name.replace('_', ' ')} {_detail(v)}" for name, v in each.items()) for each in value
        )
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 1 else value_words(value)


def _edit_kind(change: FieldChange) -> EditKind:
    value = read_json(change.new_value)
    if change.lane in _STOPPED or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "choice"
    text = value_words(value)
    return "long" if len(text) > _LONG_FROM or "\n" in text else "line"


def _change_note(change: FieldChange) -> str:
    if change.lane in _STOPPED:
        return "This field is not written: it was denied, or it is nothing new."
    if change.is_edited:
        return f"Edited by a person; the agent wanted {value_words(read_json(change.proposed_value))}."
    if change.suggestion_field:
        return f"It would be written into {change.suggestion_field}."
    return "It is added to what stands there." if change.operation == "append" else ""


def _at_risk(value: float) -> str:
    return "unknown value at risk" if math.isinf(value) else f"{value:,.0f} at risk"
