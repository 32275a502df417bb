"""Decisions of people and settled writes as flat rows for the audit log. Putting them beside the proposals: `log`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from wb_pipeline.audit.steps import json_or_text
from wb_pipeline.canonical import canonical_json
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemDecided
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.ledger.times import naive_utc

PERSON_COLUMNS = {
    "ledger_sequence": "BIGINT",
    "recorded_at": "TIMESTAMP",
    "change_id": "VARCHAR",
    "reviewer": "VARCHAR",
    "decision": "VARCHAR",
    "is_final": "BOOLEAN",
    "reason": "VARCHAR",
    "edited": "VARCHAR",
}
WRITE_COLUMNS = {
    "ledger_sequence": "BIGINT",
    "recorded_at": "TIMESTAMP",
    "write_key": "VARCHAR",
    "change_ids": "VARCHAR[]",
    "field": "VARCHAR",
    "old_value": "VARCHAR",
    "new_value": "VARCHAR",
    "reviewer": "VARCHAR",
    "actor_id": "VARCHAR",
    "action": "VARCHAR",
    "object": "VARCHAR",
    "record_id": "VARCHAR",
    "crm": "VARCHAR",
    "outcome": "VARCHAR",
    "answer": "VARCHAR",
    "undoes": "VARCHAR",
}

Row = tuple[Any, ...]


def person_rows(ledger: Ledger) -> Iterator[Row]:
    """Yield a row per decision of a person, in the order of PERSON_COLUMNS. Edits are NULL where they were erased."""
    events = ledger.events(ItemDecided.kind)
    kept = ledger.kept(event.payload["edited_digest"] for event in events if event.payload["edited_digest"])
    for event in events:
        decided = payload_of(event, ItemDecided)
        reason = ": ".join(part for part in (decided.reason_code.replace("_", " "), decided.words) if part)
        edited = kept.get(decided.edited_digest or "")
        yield (
            event.sequence,
            naive_utc(event.recorded_at),
            event.subject,
            event.recorded_by,
            decided.decision,
            decided.is_final,
            reason or None,
            edited,
        )


def write_rows(ledger: Ledger) -> Iterator[Row]:
    """Yield a row per field of each settled write, in the order of WRITE_COLUMNS; one row where it names no field.

    The values are those that were read before and after it; where it was not carried out, those that were meant. They
    are NULL where they were erased.
    """
    plans = {event.subject: payload_of(event, WritePlanned) for event in ledger.events(WritePlanned.kind)}
    reviewers = {event.sequence: event.recorded_by for event in ledger.events(ItemDecided.kind)}
    settled = [(event, payload_of(event, WriteSettled)) for event in ledger.events(WriteSettled.kind)]
    digests = {plan.values_digest for plan in plans.values()}
    digests |= {each for _, end in settled for each in (end.before_digest, end.after_digest) if each}
    answers = ledger.kept(end.answer_digest for _, end in settled if end.answer_digest)
    kept: dict[str | None, Mapping[str, Any]] = defaultdict(dict)
    kept |= {digest: _object(text) for digest, text in ledger.kept(digests).items()}
    for event, end in settled:
        plan = plans.get(event.subject)
        if plan is None:
            continue  # `wb audit verify` finds it.
        by = ", ".join(dict.fromkeys(reviewers[each] for each in plan.approvals if each in reviewers))
        meant, before, after = kept[plan.values_digest], kept[end.before_digest], kept[end.after_digest]
        about = (plan.actor_id, plan.action, plan.object, end.record_id or plan.record_id, plan.crm)
        said = end.answer if end.answer_digest is None else answers.get(end.answer_digest)
        told = (end.outcome, said, plan.undoes)
        for field in plan.fields or (None,):
            old = _value(before, field) or _value(_object(meant.get("base")), field)
            new = _value(after, field) or _value(_object(meant.get("fields")), field)
            first = (event.sequence, naive_utc(event.recorded_at), event.subject, plan.change_ids, field, old, new)
            yield (*first, by or None, *about, *told)


def _object(given: Any) -> Mapping[str, Any]:
    value = json_or_text(given) if isinstance(given, str) else given
    return value if isinstance(value, dict) else {}


def _value(values: Mapping[str, Any], field: str | None) -> str | None:
    """Return a field's value as JSON text; None where nothing is known of it."""
    return canonical_json(values[field]) if field is not None and field in values else None
