"""Who changed what on a record, when and why, as a page. The answer itself is `audit`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from wb_pipeline.audit.question import Question
from wb_pipeline.audit.steps_text import step_words
from wb_pipeline.audit.why import explain
from wb_pipeline.review.model import FieldChange
from wb_pipeline.web import item_view

if TYPE_CHECKING:
    from starlette.responses import Response

    from wb_pipeline.audit.steps import Step
    from wb_pipeline.audit.why import DecisionFacts
    from wb_pipeline.web.visit import Visit

_MOST_SHOWN = 200
_LANES = {
    "auto": "approved automatically",
    "suggest": "kept as a suggestion",
    "review": "sent to a person",
    "deny": "denied",
    "quarantine": "could not be read",
    "noop": "nothing new",
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """What came of a change later: when, what kind of thing, and one sentence."""

    at: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened: when, what, both values where there are some, further lines, and what came of it."""

    at: str
    title: str
    address: str
    change: item_view.ChangeView | None
    lines: list[str]
    steps: list[StepLine]


def record(visit: Visit) -> Response:
    """Show the history of a record, or of one field of it."""
    office, object_name, record_id = visit.office, visit.path["object"], visit.path["record_id"]
    asked = visit.query["field"].strip()
    question = Question(object=object_name, record_id=record_id, field=asked or None)
    told = explain(office.home, question, office.ledger)
    facts = list(reversed(told.decisions))[:_MOST_SHOWN]
    if not facts and not told.around and not asked:
        return visit.not_found("The books know no change of such a record.")
    entries = [*(_entry(each, visit) for each in facts), *(_around(step) for step in told.around)]
    key = (facts[0].decision["snapshot_hash"], object_name, record_id) if facts else None
    return visit.page(
        "record.html",
        object=object_name,
        record_id=record_id,
        name=office.names.names([key])[key] if key else "",
        field=asked,
        entries=sorted(entries, key=lambda entry: entry.at, reverse=True),
        more=told.found if told.found > len(facts) else 0,
    )


def _entry(facts: DecisionFacts, visit: Visit) -> HistoryEntry:
    row = facts.decision
    what = row["field"] or f"{row['effective_action'] or row['action']} as a whole"
    return HistoryEntry(
        at=str(row["decided_at"] or facts.sealed_at),
        title=f"{what}: {_LANES.get(row['lane'], row['lane'])}",
        address=_address(row, visit),
        change=None if facts.is_erased or row["field"] is None else _change(row),
        lines=list(_lines(facts)),
        steps=[_step(step, row["field"]) for step in facts.steps],
    )


def _around(step: Step) -> HistoryEntry:
    words = step_words(step)
    return HistoryEntry(step.at, f"Not through us: {words.sentence}", "", None, [], [])


def _step(step: Step, field: str | None) -> StepLine:
    words = step_words(step, field)
    return StepLine(step.at, words.label, words.sentence)


def _address(row: dict[str, Any], visit: Visit) -> str:
    item = visit.office.item(row["change_id"]) if row["lane"] in ("review", "suggest") else None
    return f"/item/{quote(item.item_id, safe='')}" if item is not None else ""


def _change(row: dict[str, Any]) -> item_view.ChangeView:
    old, new = (None if row[name] is None else json.dumps(row[name]) for name in ("old_value", "new_value"))
    return item_view.change_view(FieldChange(row["change_id"], row["field"], "set", row["lane"], old, new, new))


def _lines(facts: DecisionFacts) -> list[str]:
    row = facts.decision
    objections = row["objections"] if isinstance(row["objections"], list) else []
    gates = [str(each.get("reason", "")).replace("_", " ") for each in objections if isinstance(each, dict)]
    given = (
        "The values were erased on request." if facts.is_erased else "",
        f"Proposed by {row['actor_id']}" + (f" from {row['source']}" if row["source"] else ""),
        f"Said: {row['rationale']}" if row["rationale"] else "",
        f"Objections: {', '.join(gates)}" if gates else "",
        f"Evidence: {', '.join(map(str, row['evidence']))}" if row["evidence"] else "",
        f"Policy {row['policy_hash'][:12]}, ledger event {facts.ledger_sequence}",
    )
    caused = [f"Led to {each.action} {each.object}, proposed by {each.actor_id}" for each in facts.caused]
    return [line for line in (*given, *caused) if line]
