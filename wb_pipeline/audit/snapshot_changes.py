"""What changed between two pictures of one record: fields, history, archived, merged, made, gone. No judging here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wb_pipeline.canonical import canonical_json

RECORD = "(record)"
"""Stands for the record as a whole, where a field is named; its values are `created` and `deleted`."""


@dataclass(frozen=True, slots=True)
class SeenChange:
    """One change as a snapshot shows it. `by`, `at`: the writer and the time that the CRM names, where it does."""

    object: str
    record_id: str
    field: str
    old: Any
    new: Any
    by: str = ""
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A record in a snapshot, its JSON columns as values."""

    object: str
    record_id: str
    fields: Mapping[str, Any]
    writers: Mapping[str, Any]
    history: tuple[Mapping[str, Any], ...]
    created_at: str | None
    is_archived: bool
    merged_into: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Picture:
        """Return the picture of a row of a kept snapshot."""
        return cls(
            row["object"],
            row["record_id"],
            _mapping(row["fields"]),
            _mapping(row["field_writers"]),
            _entries(row["history"]),
            str(row["created_at"]) if row["created_at"] is not None else None,
            bool(row["is_archived"]),
            row["merged_into_id"],
        )


def changes_between(before: Picture | None, after: Picture | None) -> Iterator[SeenChange]:
    """Yield what changed, oldest first as far as the history tells. One of the two pictures may be missing."""
    if after is None:
        if before is not None:
            yield SeenChange(before.object, before.record_id, RECORD, None, "deleted")
        return
    if before is None:
        yield _made(after)
        yield from _told(after, ())
        return
    told = list(_told(after, before.history))
    yield from told
    yield from _untold(before, after, told)
    place = after.object, after.record_id
    if before.is_archived != after.is_archived:
        yield SeenChange(*place, "archived", before.is_archived, after.is_archived)
    if before.merged_into != after.merged_into:
        yield SeenChange(*place, "merged_into", before.merged_into, after.merged_into)


def _made(after: Picture) -> SeenChange:
    """Return that a record is new; its maker is whoever the CRM names for its fields, an agent before anybody else."""
    makers = sorted({str(_of(after.writers.get(name), "by") or "") for name in after.fields} - {""})
    agent = next((maker for maker in makers if maker.startswith("agent:")), None)
    by = agent or (makers[0] if makers else "")
    return SeenChange(after.object, after.record_id, RECORD, None, "created", by, after.created_at)


def _told(after: Picture, known: tuple[Mapping[str, Any], ...]) -> Iterator[SeenChange]:
    """Yield what the record's own history tells and did not tell before."""
    before = {canonical_json(dict(entry)) for entry in known}
    for entry in after.history:
        if canonical_json(dict(entry)) not in before and isinstance(entry.get("field"), str):
            by, at = str(entry.get("by") or ""), _text(entry.get("at"))
            yield SeenChange(after.object, after.record_id, entry["field"], entry.get("old"), entry.get("new"), by, at)


def _untold(before: Picture, after: Picture, told: list[SeenChange]) -> Iterator[SeenChange]:
    """Yield the fields that hold another value now, of which the history does not tell."""
    latest = {change.field: change.new for change in told}
    for name in sorted(before.fields.keys() | after.fields.keys()):
        old, new = before.fields.get(name), after.fields.get(name)
        if same_value(old, new) or (name in latest and same_value(latest[name], new)):
            continue
        writer = after.writers.get(name)
        by, at = str(_of(writer, "by") or ""), _text(_of(writer, "at"))
        yield SeenChange(after.object, after.record_id, name, old, new, by, at)


def same_value(left: Any, right: Any) -> bool:
    """Say whether two values are the same to a CRM: nothing is nothing, and 5 is "5"."""
    if left in (None, "", []) or right in (None, "", []):
        return left in (None, "", []) and right in (None, "", [])
    return canonical_json(left) == canonical_json(right) or str(left) == str(right)


def _mapping(text: str | None) -> Mapping[str, Any]:
    value = json.loads(text) if text else {}
    return value if isinstance(value, dict) else {}


def _entries(text: str | None) -> tuple[Mapping[str, Any], ...]:
    value = json.loads(text) if text else []
    return tuple(entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else ()


def _of(writer: Any, name: str) -> Any:
    return writer.get(name) if isinstance(writer, dict) else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
