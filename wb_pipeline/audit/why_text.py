"""The answer of `why` as text for a terminal. Finding the facts is in `why`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wb_pipeline.audit.steps_text import short_time, step_words
from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.audit.why import DecisionFacts, Explanation
from wb_pipeline.canonical import canonical_json

_LANES = {
    "auto": "approved automatically",
    "suggest": "kept as a suggestion",
    "review": "sent to a person",
    "deny": "not written",
    "quarantine": "could not be read",
    "noop": "nothing new: already so or already queued",
}


def why_text(explanation: Explanation, gate_words: Mapping[str, str] | None = None) -> str:
    """Return the answer as lines of text. `gate_words`: gate id -> why it exists, from the gates' own descriptions."""
    about = str(explanation.question)
    if not explanation.decisions:
        return "\n".join([plain(f"No decision on {about}."), *_around_lines(explanation)]) + "\n"
    count = len(explanation.decisions)
    more = f" (the newest {count:,})" if explanation.found > count else ""
    lines = [plain(f"{explanation.found:,} decision(s) on {about}{more}, oldest first.")]
    for facts in explanation.decisions:
        lines += ["", *_decision_lines(facts, gate_words or {})]
    return "\n".join([*lines, *_around_lines(explanation)]) + "\n"


def gates_of(explanation: Explanation) -> set[str]:
    """Return the gates that objected to anything in an answer."""
    return {
        str(objection.get("gate", ""))
        for facts in explanation.decisions
        for objection in _objections(facts.decision)
        if isinstance(objection, dict)
    }


def _around_lines(explanation: Explanation) -> Iterator[str]:
    """Yield what changed on the record without us."""
    if explanation.around:
        yield ""
        yield f"{len(explanation.around):,} change(s) seen around us, oldest first."
    for step in explanation.around:
        yield f"  {plain(step_words(step).sentence)}"


def _decision_lines(facts: DecisionFacts, gate_words: Mapping[str, str]) -> Iterator[str]:
    row = facts.decision
    what = f"{row['effective_action'] or row['action']} {row['object']}"
    yield plain(f"{row['decided_at']} UTC  {what}, {row['field'] or 'the action as a whole'}: {_lane(row['lane'])}")
    yield from (f"  {label:<10} {plain(value)}" for label, value in _proposed(facts) if value)
    for objection in _objections(row):
        yield f"  {'objection':<10} {plain(_objection(objection, gate_words))}"
    yield f"  {'policy':<10} {plain(facts.policy_file_name or '')} {plain(row['policy_hash'])}".rstrip()
    place = f"ledger event {facts.ledger_sequence}, sealed {facts.sealed_at}, run {facts.run_id}"
    yield f"  {'audit':<10} {plain(place)}, manifest {plain(row['manifest_id'])}"
    for step in facts.steps:
        words = step_words(step, None if row["is_action_row"] else row["field"])
        yield f"  {words.label:<10} {short_time(step.at)} UTC  {plain(words.sentence)} [ledger event {step.sequence}]"
    for caused in facts.caused:
        what = f"{caused.proposal_id}: {caused.action} {caused.object} {caused.record_id or ''}".rstrip()
        yield f"  {'led to':<10} {plain(f'{what}, by {caused.actor_id}: {caused.lane}')}"


def _proposed(facts: DecisionFacts) -> Iterator[tuple[str, Any]]:
    """Yield what was proposed, by whom and on what grounds, as (label, value); a value may be missing."""
    row = facts.decision
    yield "change", _change(facts)
    yield "by", _actor(row)
    yield "proposal", f"{row['proposal_id']}, line {row['line_number']} of {facts.batch_file_name or row['batch_key']}"
    yield "proposed", f"{row['submitted_at']} UTC" if row["submitted_at"] else ""
    yield "said", row["rationale"]
    yield "caused by", _cause(row)
    yield "matched", " - ".join(str(v) for v in (row["match_method"], row["match_reason"]) if v)
    yield "evidence", ", ".join(map(str, row["evidence"] or []))
    yield "confidence", _confidence(row)
    yield "repeats", row["repeats_change_id"]


def _lane(lane: str) -> str:
    return f"{lane} ({_LANES.get(lane, lane)})"


def _change(facts: DecisionFacts) -> str:
    row = facts.decision
    if facts.is_erased:
        return "the values were erased on request"
    if row["field"] is None:
        return ""
    seen = f" (the actor saw {_value(row['seen_value'])})" if row["seen_value"] != row["old_value"] else ""
    return f"{_value(row['old_value'])} -> {_value(row['new_value'])}{seen}"


def _value(value: Any) -> str:
    return "(empty)" if value in (None, "") else value if isinstance(value, str) else canonical_json(value)


def _actor(row: Mapping[str, Any]) -> str:
    model = f" ({row['actor_model']})" if row["actor_model"] else ""
    workflow = f", workflow {row['workflow_id']}" if row["workflow_id"] else ""
    return f"{row['actor_type']} {row['actor_id']}{model}{workflow}, source {row['source']}"


def _cause(row: Mapping[str, Any]) -> str:
    cause = row["causation"]
    if not isinstance(cause, dict):
        return "" if cause is None else str(cause)
    path = cause.get("path")
    parts = [f"{name} {cause[name]}" for name in ("root", "parent", "depth") if cause.get(name) is not None]
    return ", ".join(parts) + (f", through {' > '.join(map(str, path))}" if isinstance(path, list) and path else "")


def _confidence(row: Mapping[str, Any]) -> str:
    claimed, used = row["confidence"], row["effective_confidence"]
    if claimed is None:
        return ""
    return f"{claimed:g}" + (f" claimed, {used:g} used" if used is not None and used != claimed else "")


def _objections(row: Mapping[str, Any]) -> list[Any]:
    objections = row["objections"]
    return objections if isinstance(objections, list) else [] if objections is None else [objections]


def _objection(objection: Any, gate_words: Mapping[str, str]) -> str:
    """Return one objection in words: what the gate is for, or its name read aloud, with the details that it gave."""
    if not isinstance(objection, dict):
        return str(objection)
    gate, reason = str(objection.get("gate", "")), str(objection.get("reason", ""))
    words = gate_words.get(gate) or reason.replace("_", " ")
    details = objection.get("details")
    shown = f" {canonical_json(details)}" if details else ""
    return f"{words} [{objection.get('verdict')}, {gate}]{shown}"
