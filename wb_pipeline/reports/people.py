"""What people and writes did, as rows without personal values: what waits, who decided what, how writes ended.

From ledger and segments alone, so that it is as fresh as the ledger. What an item may do next is for `review` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemDecided, ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.ledger.segment_files import segment_path
from wb_pipeline.ledger.store import Ledger

WAITING, DECISIONS, WRITES = "report_waiting_items", "report_people_decisions", "report_writes"
COLUMNS: dict[str, tuple[str, ...]] = {
    WAITING: ("change_id", "object", "field", "action", "actor_id", "source", "waits_since", "age_days", "why"),
    DECISIONS: (
        "sequence",
        "decided_at",
        "reviewer",
        "decision",
        "is_final",
        "is_edited",
        "reason_code",
        "change_id",
        "proposal_key",
        "object",
        "field",
        "source",
        "actor_id",
        "confidence",
        "waited_hours",
    ),
    WRITES: (
        "sequence",
        "settled_at",
        "write_key",
        "crm",
        "action",
        "object",
        "record_id",
        "actor_id",
        "outcome",
        "attempts",
        "is_reconciled",
        "needed_person",
        "seconds_to_settle",
    ),
}
_SECONDS_PER_HOUR, _SECONDS_PER_DAY = 3_600, 86_400
_FACTS = (
    "change_id",
    "proposal_key",
    "object",
    "field",
    "effective_action",
    "actor_id",
    "source",
    "confidence",
    "is_action_row",
    "lane",
)
# Of an update each field is an item; anything else is one as a whole, asked about as soon as one of its fields is.
_ITEMS = f"""
with changes as (
    select *, bool_or(lane = 'review') over (partition by filename, proposal_key) as is_any_asked
    from read_parquet($paths, filename = true, union_by_name = true)
),

marked as (
    select
        *,
        if(
            effective_action is not distinct from 'update',
            is_action_row is false and lane = 'review',
            is_action_row and (lane in ('review', 'suggest') or (lane = 'auto' and is_any_asked))
        ) as is_asked
    from changes
)

select {", ".join(_FACTS)}, is_asked, filename
from marked
where is_asked or list_contains($named, change_id)
"""  # noqa: S608 - our own names; values are parameters
_UNKNOWN: dict[str, Any] = dict.fromkeys(_FACTS)

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class _Item:
    """A change: its facts, when it was sealed, whether a person was asked about it from the beginning."""

    facts: dict[str, Any]
    sealed_at: str
    is_asked: bool


def people_rows(home: Home, ledger: Ledger, now: datetime) -> dict[str, Rows]:
    """Return the rows of the three ledger reports by name; `now` has a zone."""
    told = sorted(
        (*ledger.events(ItemDecided.kind), *ledger.events(ItemReturned.kind)), key=lambda event: event.sequence
    )
    items = _items(home, ledger, {event.subject for event in told})
    return {
        WAITING: _waiting(items, told, now),
        DECISIONS: list(_decisions(items, told)),
        WRITES: list(_writes(ledger)),
    }


def _items(home: Home, ledger: Ledger, named: set[str]) -> dict[str, _Item]:
    """Return what is asked of a person, and every change that an event names, by change id."""
    batches = {str(segment_path(home, batch.name)): batch for batch in sealed_batches(ledger) if batch.seal.rows}
    if not batches:
        return {}
    import duckdb

    with duckdb.connect() as con:
        rows = con.execute(_ITEMS, {"paths": list(batches), "named": sorted(named)}).fetchall()
    return {row[0]: _Item(dict(zip(_FACTS, row, strict=False)), batches[row[-1]].sealed_at, row[-2]) for row in rows}


def _waiting(items: dict[str, _Item], told: Iterable[Event], now: datetime) -> Rows:
    """Return what waits for a person: never decided for good, or returned since."""
    since = {change_id: (item.sealed_at, "new") for change_id, item in items.items() if item.is_asked}
    for event in told:
        if event.kind == ItemReturned.kind:
            since[event.subject] = (event.recorded_at, payload_of(event, ItemReturned).reason)
        elif payload_of(event, ItemDecided).is_final:
            since.pop(event.subject, None)
    rows = []
    for change_id, (at, why) in since.items():
        facts = items[change_id].facts if change_id in items else _UNKNOWN
        age = (now - datetime.fromisoformat(at)).total_seconds() / _SECONDS_PER_DAY
        named = {name: facts[name] for name in ("object", "field", "actor_id", "source")}
        row = {"change_id": change_id, "action": facts["effective_action"], "waits_since": at, "why": why}
        rows.append(row | named | {"age_days": round(max(age, 0), 2)})
    return sorted(rows, key=lambda row: (row["waits_since"], row["change_id"]))


def _decisions(items: dict[str, _Item], told: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """Yield each decision of a person, with how long the item had waited."""
    returned_at: dict[str, str] = {}
    for event in told:
        if event.kind == ItemReturned.kind:
            returned_at[event.subject] = event.recorded_at
            continue
        decided, item = payload_of(event, ItemDecided), items.get(event.subject)
        facts = item.facts if item else _UNKNOWN
        since = returned_at.get(event.subject) or (item.sealed_at if item else event.recorded_at)
        yield {
            "sequence": event.sequence,
            "decided_at": event.recorded_at,
            "reviewer": event.recorded_by,
            "decision": decided.decision,
            "is_final": decided.is_final,
            "is_edited": decided.edited_digest is not None,
            "reason_code": decided.reason_code,
            "change_id": event.subject,
            **{name: facts[name] for name in ("proposal_key", "object", "field", "source", "actor_id", "confidence")},
            "waited_hours": round(_seconds(since, event.recorded_at) / _SECONDS_PER_HOUR, 2),
        }


def _writes(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Yield each write that was settled, with what its plan says."""
    planned = {event.subject: event for event in ledger.events(WritePlanned.kind)}
    for event in ledger.events(WriteSettled.kind):
        settled = payload_of(event, WriteSettled)
        plan_event = planned.get(event.subject)
        plan = payload_of(plan_event, WritePlanned) if plan_event else None
        yield {
            "sequence": event.sequence,
            "settled_at": event.recorded_at,
            "write_key": event.subject,
            "crm": plan.crm if plan else None,
            "action": plan.action if plan else None,
            "object": plan.object if plan else None,
            "record_id": settled.record_id or (plan.record_id if plan else None),
            "actor_id": plan.actor_id if plan else None,
            "outcome": settled.outcome,
            "attempts": settled.attempts,
            "is_reconciled": settled.reconciled,
            "needed_person": bool(plan and plan.approvals),
            "seconds_to_settle": round(_seconds(plan_event.recorded_at, event.recorded_at), 1) if plan_event else None,
        }


def _seconds(earlier: str, later: str) -> float:
    return max((datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds(), 0)
