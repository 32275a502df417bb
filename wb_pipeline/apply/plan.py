"""From approved changes to writes, in the order in which they may be carried out. Reads no CRM, writes nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from wb_pipeline.apply.model import Part, Write, WriteAction
from wb_pipeline.review.approvals import ApprovedChange, ApprovedField

# A record comes before what points to it; merges come last, for they change what ids mean.
_ORDER = ("company", "contact", "deal", "activity")
_PEERS = {"lead": "contact"}
_TRIGGERS, _MERGES = len(_ORDER) + 1, len(_ORDER) + 2
# What a log's payload calls differently than the CRM's record does.
_ACTIVITY_FIELDS = {"activity_type": "type"}
_MAKING = ("create", "log")


def plan_writes(approved: Iterable[ApprovedChange]) -> list[Write]:
    """Return the writes of approved changes, in order: one per proposal and record.

    The fields of an update go together, suggestions apart from real fields. Of a create without any field nothing is
    made.
    """
    together: dict[tuple[str, str | None, bool], list[ApprovedChange]] = defaultdict(list)
    alone: list[ApprovedChange] = []
    for each in approved:
        if each.action == "update":
            together[each.row["proposal_key"], each.record_id, each.is_suggestion].append(each)
        elif each.fields or each.action not in _MAKING:
            alone.append(each)
    writes = [_write(group) for group in together.values()] + [_write([each]) for each in alone]
    return sorted(writes, key=order_of)


def order_of(write: Write) -> int:
    """Return the wave of a write: all of an earlier wave are carried out before. Undoing keeps the order given."""
    if write.action == "undo":
        return 0
    if write.action == "merge":
        return _MERGES
    if write.action == "trigger":
        return _TRIGGERS
    name = _PEERS.get(write.object, write.object)
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _write(group: Sequence[ApprovedChange]) -> Write:
    first = group[0]
    row = first.row
    record_id = first.record_id
    if first.action in _MAKING:
        record_id = None
    elif first.action == "merge":
        record_id = _text(first.payload.get("survivor"))
    return Write(
        action=cast("WriteAction", first.action),
        object=first.object,
        record_id=record_id,
        parts=tuple(part for each in group for part in _parts(each)),
        change_ids=tuple(change_id for each in group for change_id in each.change_ids),
        item_ids=tuple(each.item_id for each in group),
        approvals=tuple(sorted({sequence for each in group for sequence in each.approvals})),
        actor_id=row["actor_id"] or "",
        actor_type=row["actor_type"] or "",
        batch_key=row["batch_key"],
        proposal_key=row["proposal_key"],
        policy_hash=row["policy_hash"] or "",
        labels=tuple(sorted({label for each in group for label in _listed(each.row["labels"])})),
        confidence=_lowest(each.row["effective_confidence"] for each in group),
        evidence=tuple(dict.fromkeys(item for each in group for item in _listed(each.row["evidence"]))),
        source=row["source"],
        payload=first.payload if first.action in ("trigger", "merge") else {},
        seen=first.seen,
    )


def _parts(change: ApprovedChange) -> Iterator[Part]:
    if change.action in ("trigger", "merge"):
        return
    for each in change.fields:
        yield _part(change, each)


def _part(change: ApprovedChange, field: ApprovedField) -> Part:
    row = change.row
    name = _ACTIVITY_FIELDS.get(field.field, field.field) if change.object == "activity" else field.field
    suggested = row["suggestion_field"]
    # A suggestion is about a real field, which has to hold still what it was made over.
    about = row["field"] if change.is_suggestion else name
    base = row["old_value"] if change.is_suggestion else field.base
    was_suggested = change.action == "update" and suggested and not change.is_suggestion
    return Part(
        change_id=field.change_id,
        field=name,
        value=_json(field.value),
        base=_json(base),
        checked=about,
        operation=field.operation,
        approvals=change.approvals,
        confidence=row["effective_confidence"],
        evidence=tuple(_listed(row["evidence"])),
        source=row["source"],
        clears=(suggested, _json(row["new_value"])) if was_suggested else None,
    )


def _lowest(values: Iterable[float | None]) -> float | None:
    return min((value for value in values if value is not None), default=None)


def _listed(text: str | None) -> list[str]:
    return [str(item) for item in json.loads(text or "[]") if item is not None]


def _json(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
