"""From approved changes to writes, in the order in which they may be carried out. Reads no CRM, writes nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wb_pipeline.apply.granted import Granted
from wb_pipeline.apply.model import Part, Write

# A record comes before what points to it; merges come last, for they change what ids mean.
_ORDER = ("company", "contact", "lead", "deal", "activity")
_TRIGGERS, _MERGES = len(_ORDER) + 1, len(_ORDER) + 2
_PEERS = {"lead": "contact"}
# What a log's payload calls differently than the CRM's record does.
_ACTIVITY_FIELDS = {"activity_type": "type"}
_WHOLE = ("create", "log", "trigger", "merge")


def plan_writes(granted: Iterable[Granted], created: Mapping[str, str] | None = None) -> list[Write]:
    """Return the writes of approved changes, in order.

    One write per proposal and record. `created`: {proposal key: record id} of creates that were carried out before; a
    field of theirs that is approved later is an update. Nothing is made of a create without any field.
    """
    made = created or {}
    by_proposal: dict[str, list[Granted]] = defaultdict(list)
    for each in granted:
        by_proposal[each.change.proposal_key].append(each)
    writes = [write for key, group in by_proposal.items() for write in _of_proposal(group, made.get(key))]
    return sorted(writes, key=order_of)


def order_of(write: Write) -> int:
    """Return the wave of a write: all of an earlier wave are carried out before."""
    if write.action == "merge":
        return _MERGES
    if write.action == "trigger":
        return _TRIGGERS
    name = _PEERS.get(write.object, write.object)
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _of_proposal(group: Sequence[Granted], created_id: str | None) -> list[Write]:
    action = _action(group[0])
    if action not in _WHOLE or created_id is not None:
        fields = [each for each in group if not each.change.is_action_row]
        return [_update(part, created_id) for part in _apart(fields)] if fields else []
    whole = [each for each in group if each.change.is_action_row]
    fields = [each for each in group if not each.change.is_action_row]
    if not whole or (action in ("create", "log") and not fields):
        return []
    return [_whole(whole[0], fields)]


def _apart(fields: Sequence[Granted]) -> list[list[Granted]]:
    """Part suggestions from real fields: each is undone and labelled by itself."""
    split = ([each for each in fields if not each.is_suggestion], [each for each in fields if each.is_suggestion])
    return [part for part in split if part]


def _update(fields: Sequence[Granted], created_id: str | None) -> Write:
    parts = tuple(_part(each) for each in fields)
    record_id = created_id or fields[0].change.row["record_id"]
    ids = tuple(part.change_id for part in parts)
    return _write("update", fields[0], record_id, parts, change_ids=ids, item_ids=ids, rows=fields)


def _whole(action: Granted, fields: Sequence[Granted]) -> Write:
    name = _action(action)
    makes = name in ("create", "log")
    parts = tuple(_part(each) for each in fields) if makes else ()
    record_id = None if makes else action.change.row["record_id"]
    if name == "merge":
        record_id = str(action.value["survivor"])
    ids = (action.change.change_id, *(part.change_id for part in parts))
    items = (action.change.change_id,)
    return _write(name, action, record_id, parts, change_ids=ids, item_ids=items, rows=[action, *fields])


def _write(  # noqa: PLR0913 - what differs between an update and the rest
    action: Any,
    first: Granted,
    record_id: str | None,
    parts: tuple[Part, ...],
    *,
    change_ids: tuple[str, ...],
    item_ids: tuple[str, ...],
    rows: Sequence[Granted],
) -> Write:
    row = first.change.row
    return Write(
        action=action,
        object=row["object"],
        record_id=record_id,
        parts=parts,
        change_ids=change_ids,
        item_ids=item_ids,
        approvals=tuple(sorted({sequence for each in rows for sequence in each.approvals})),
        actor_id=row["actor_id"] or "",
        actor_type=row["actor_type"] or "",
        batch_key=row["batch_key"],
        proposal_key=first.change.proposal_key,
        proposal_id=row["proposal_id"] or "",
        policy_hash=row["policy_hash"] or "",
        labels=tuple(sorted({label for each in rows for label in _listed(each.change.row["labels"])})),
        confidence=min(
            (c for each in rows if (c := each.change.row["effective_confidence"]) is not None), default=None
        ),
        evidence=tuple(dict.fromkeys(item for each in rows for item in _listed(each.change.row["evidence"]))),
        source=row["source"],
        payload=first.value if action in ("trigger", "merge") else {},
    )


def _part(granted: Granted) -> Part:
    row = granted.change.row
    named = _ACTIVITY_FIELDS.get(row["field"], row["field"]) if row["object"] == "activity" else row["field"]
    suggested = row["suggestion_field"]
    return Part(
        change_id=granted.change.change_id,
        field=suggested if granted.is_suggestion else named,
        value=granted.value,
        base=granted.base,
        checked=named,
        operation=row["operation"] or "set",
        approvals=granted.approvals,
        confidence=row["effective_confidence"],
        evidence=tuple(_listed(row["evidence"])),
        source=row["source"],
        clears=(suggested, granted.suggested) if suggested and not granted.is_suggestion else None,
    )


def _action(granted: Granted) -> str:
    return str(granted.change.row["effective_action"])


def _listed(text: str | None) -> list[str]:
    return [str(item) for item in json.loads(text or "[]") if item is not None]
