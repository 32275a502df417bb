"""Makes items out of units: what stands there, what is wanted, why a person is asked, where it stands. Decides nothing.

What many items need from files is read at once, by `Context.prepare`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.opt_out_words import is_consent_field
from wb_pipeline.review.binding import Seen, binding_of
from wb_pipeline.review.context import Context, payload_of_unit, target_of
from wb_pipeline.review.gate_words import objections_of
from wb_pipeline.review.holding import Hold, denied_by_policy, held_by_policy
from wb_pipeline.review.model import FieldChange, Item, State, read_json
from wb_pipeline.review.money import at_worst
from wb_pipeline.review.second import needs_second
from wb_pipeline.review.standing import Standing
from wb_pipeline.review.units import Unit

_PERSONS = frozenset({"contact", "lead"})
_COPIED = (
    "object", "actor_model", "workflow_id", "source", "rationale", "match_method", "match_probability",
    "match_reason", "owner_id", "case_id", "batch_key", "batch_label", "line_number", "proposal_key", "proposal_id",
    "manifest_id", "policy_hash", "snapshot_hash",
)  # fmt: skip
_RETURNED = {
    "value_changed": "the value in the CRM changed meanwhile",
    "evidence_changed": "evidence that it cites changed or is gone",
    "policy_changed": "the policy in force judges it otherwise",
    "expired": "the approval grew too old",
    "conflict": "the CRM stands in the way of the new record",
    "refused": "the CRM refused the write",
    "gave_up": "the write failed too often",
}
_WRITE_ENDED = frozenset({"value_changed", "conflict", "refused", "gave_up"})


def made_items(units: Iterable[Unit], context: Context) -> dict[str, Item]:
    """Return {id: item} of units, each as it stands now."""
    given = list(units)
    context.prepare(given)
    return {unit.item_id: _item(unit, context) for unit in given}


def as_of(item: Item, now: datetime) -> Item:
    """Return an item as it is at a time: approvals and suggestions lapse without any event."""
    lapses = item.state in ("approved", "approved_once") or (item.kind == "suggestion" and item.is_open)
    if lapses and item.expires_at is not None and now >= item.expires_at:
        return replace(item, state="expired", standing_sequence=0)
    return item


def cited_by(unit: Unit) -> tuple[str, ...]:
    """Return the ids of the evidence that a unit cites."""
    found = read_json(unit.row["evidence"])
    return tuple(str(each) for each in found if each) if isinstance(found, list) else ()


def _item(unit: Unit, context: Context) -> Item:
    row, standing = unit.row, context.standing_of(unit)
    fields = _fields(unit, standing, context)
    queued_at = _utc(row["decided_at"]) or datetime.fromisoformat(unit.head.sealed_at)
    is_suggestion = unit.lane == "suggest"
    policy = context.policies.current().document
    since = max(queued_at, context.moment_of(standing.returned_at) or queued_at)
    objections = [*_objections(unit)]
    return Item(
        item_id=unit.item_id,
        kind="suggestion" if is_suggestion else "change",
        state=_state(unit, standing),
        action=unit.action,
        record_id=target_of(unit, standing),
        fields=fields,
        payload=payload_of_unit(unit),
        objections=tuple(objections),
        labels=tuple(map(str, read_json(row["labels"]) or ())),
        actor_id=str(row["actor_id"] or ""),
        actor_type=str(row["actor_type"] or ""),
        confidence=row["effective_confidence"],
        claimed_confidence=row["confidence"],
        evidence=cited_by(unit),
        evidence_hash=context.evidence_hash(unit, standing),
        queued_at=queued_at,
        due_at=since + timedelta(hours=policy.limits.review_due_hours),
        expires_at=_expires_at(unit, standing, policy.limits.approval_expires_days),
        is_opt_out=row["object"] in _PERSONS and any(is_consent_field(each.field) for each in fields),
        is_erased=any(member.is_erased for member in unit.members) or context.is_edit_erased(standing),
        value_at_risk=_value_at_risk(unit, standing, fields, context),
        needs_second=needs_second(unit, objections, policy),
        binding=binding_of(unit, cited_by(unit), _seen(unit, standing, context)),
        decisions=tuple(standing.decisions),
        standing_sequence=standing.standing_sequence,
        returned_because=_returned(standing, context),
        held_because=_held(unit, standing, context),
        candidates=context.candidates(unit, standing),
        **{name: row[name] for name in _COPIED},
    )


def _fields(unit: Unit, standing: Standing, context: Context) -> tuple[FieldChange, ...]:
    edited = context.edited(standing)
    bases = context.bases(unit, standing)
    return tuple(
        FieldChange(
            change_id=each.change_id,
            field=str(each.row["field"]),
            operation=str(each.row["operation"] or "set"),
            lane=each.lane,
            old_value=bases[each.change_id],
            new_value=canonical_json(edited[each.row["field"]])
            if each.row["field"] in edited
            else each.row["new_value"],
            proposed_value=each.row["new_value"],
            suggestion_field=each.row["suggestion_field"],
        )
        for each in unit.rows
    )


def _seen(unit: Unit, standing: Standing, context: Context) -> Seen:
    contents = context.contents(context.evidence_hash(unit, standing))
    edited_digest = standing.edited_digest if standing.phase == "approved_once" else None
    offered = [(each.record_id, each.value) for each in context.candidates(unit, standing)]
    return Seen(context.bases(unit, standing), contents, edited_digest, standing.picked, offered)


def _objections(unit: Unit) -> Iterable[Any]:
    """Yield the objections to a unit: of an update's field its own and its action's."""
    rows = unit.members if unit.head is unit.action_row else (unit.action_row, *unit.members)
    for row in rows:
        yield from objections_of(row)


def _state(unit: Unit, standing: Standing) -> State:
    """Return the state without regard to the time. That a suggestion stands in its own field is no answer to it."""
    is_suggestion = unit.lane == "suggest"
    if standing.written_as_approved or (standing.written_by_itself and not is_suggestion):
        return "written"
    if any(is_approved or not is_suggestion for is_approved in standing.sending.values()):
        return "writing"
    return standing.phase


def _expires_at(unit: Unit, standing: Standing, approval_days: int) -> datetime | None:
    if standing.approvals:
        return datetime.fromisoformat(standing.approvals[0].at) + timedelta(days=approval_days)
    return _utc(unit.row["expires_at"]) if unit.lane == "suggest" else None


def _returned(standing: Standing, context: Context) -> str:
    if standing.phase != "returned":
        return ""
    words = _RETURNED.get(standing.returned_because, standing.returned_because)
    said = context.answer(standing) if standing.returned_because in _WRITE_ENDED else ""
    told = standing.returned_note or said
    return f"{words}: {told}" if told else words


def _held(unit: Unit, standing: Standing, context: Context) -> str:
    if unit.lane == "auto" and standing.phase == "waiting":
        return "everything that this actor would write by itself goes to a person now"
    if denied_by_policy(standing, context.policies.in_force):
        return Hold.DENIED
    if standing.phase == "approved":
        return held_by_policy(unit.row["policy_hash"], standing, context.policies.in_force) or ""
    return ""


def _value_at_risk(unit: Unit, standing: Standing, fields: Iterable[FieldChange], context: Context) -> float | None:
    if unit.row["object"] != "deal":
        return None
    wanted: Mapping[str, Any] = {each.field: read_json(each.new_value) for each in fields}
    versions = [wanted, *context.deals_of("deal", target_of(unit, standing), payload_of_unit(unit))]
    return at_worst(versions, context.policies.current().document.deals)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
