"""Steps in words, for a terminal or a page: what people and writes did. Escaping is for whoever shows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wb_pipeline.audit.snapshot_changes import RECORD
from wb_pipeline.audit.steps import KeptValue, Step
from wb_pipeline.canonical import canonical_json
from wb_pipeline.ledger.kinds_people import ChangeProposedAgain, EvidenceAttached
from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemDecided, ItemRejudged, ItemReturned
from wb_pipeline.ledger.kinds_writes import ChangeSeenAround, WritePlanned, WriteSettled

ERASED = "(erased on request)"
_DECIDED = {"approve": "approved", "reject": "rejected", "accept": "accepted", "dismiss": "dismissed"}
_LATE = {
    "decided_already": "somebody had decided already",
    "changed": "what they saw had changed",
    "written": "it was written already",
    "expired": "it had expired",
}
_RETURNED = {
    "value_changed": "the value in the CRM changed",
    "evidence_changed": "the evidence changed",
    "policy_changed": "the policy changed",
    "expired": "the approval expired",
    "conflict": "the CRM stood in the way of the new record",
    "refused": "the CRM refused it",
    "gave_up": "the CRM could not be written",
}
_SETTLED = {
    "written": "written",
    "already_so": "nothing to write, it stood there already",
    "conflict": "not written: somebody had changed it meanwhile",
    "refused": "not written: the CRM refused it",
    "gave_up": "not written: given up",
    "voided": "not written: it was no longer allowed",
}


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step for people: a word for what kind it is, and one sentence."""

    label: str
    sentence: str


def step_words(step: Step, field: str | None = None) -> StepWords:
    """Return a step in words; with `field`, values of that field only, where there are any."""
    return _WORDS[step.kind](step, field)


def short_time(at: str) -> str:
    """Return a time of the ledger as people read it, to the second."""
    return at[:19].replace("T", " ")


def _decided(step: Step, field: str | None) -> StepWords:
    payload = step.payload
    parts = [f"{_DECIDED[payload['decision']]} by {step.by}"]
    if "edited" in step.kept:
        parts.append(f"with edits: {_fields(step.kept['edited'], field)}")
    if payload["reason_code"]:
        parts.append(f"because: {payload['reason_code'].replace('_', ' ')}")
    if payload["words"]:
        parts.append(f"saying: {payload['words']}")
    if not payload["is_final"]:
        parts.append("a second person has to approve it too")
    if payload["group_id"]:
        parts.append(f"decided together as {payload['group_id']}")
    return StepWords("person", "; ".join(parts))


def _refused(step: Step, _field: str | None) -> StepWords:
    payload = step.payload
    standing = f"; ledger event {payload['standing_sequence']} stands" if payload["standing_sequence"] else ""
    late = f"{step.by} wanted to {payload['decision']} too, but {_LATE[payload['reason']]}{standing}"
    return StepWords("too late", late)


def _returned(step: Step, _field: str | None) -> StepWords:
    payload = step.payload
    void = f", so ledger event {payload['approval_sequence']} is void" if payload["approval_sequence"] else ""
    note = f" ({payload['note']})" if payload["note"] else ""
    return StepWords("returned", f"back to the queue: {_RETURNED[payload['reason']]}{void}{note}")


def _rejudged(step: Step, _field: str | None) -> StepWords:
    payload = step.payload
    stands = "what was decided stands" if payload["stands"] else "what was decided is void"
    return StepWords("rejudged", f"judged again under policy {payload['policy_hash']}: {payload['lane']}; {stands}")


def _attached(step: Step, _field: str | None) -> StepWords:
    reason = f": {step.payload['reason']}" if step.payload["reason"] else ""
    return StepWords("evidence", f"{step.by} attached {step.payload['evidence_id']}{reason}")


def _again(step: Step, _field: str | None) -> StepWords:
    return StepWords("again", f"proposed again, with new evidence, as {step.payload['proposal_id']}")


def _planned(step: Step, field: str | None) -> StepWords:
    payload = step.payload
    approvals = ", ".join(map(str, payload["approvals"]))
    allowed = f"allowed by ledger event {approvals}" if approvals else "no person needed"
    again = f", time {payload['attempt']}" if payload["attempt"] > 1 else ""
    wanted = _planned_values(step.kept.get("planned"), field)
    if payload["undoes"]:
        return StepWords("undo", f"to be taken back in {payload['crm']}, asked for by {step.by}: {wanted}")
    return StepWords("outbox", f"to be written to {payload['crm']}{again} ({allowed}): {wanted}")


def _settled(step: Step, field: str | None) -> StepWords:
    payload = step.payload
    parts = [_SETTLED[payload["outcome"]]]
    if read := _read(step.kept, field):
        parts.append(read)
    if payload["reconciled"]:
        parts.append("found out by reading, since no answer came")
    if answer := _answer(step):
        parts.append(f"the CRM said: {answer}")
    if payload["record_id"]:
        parts.append(f"record {payload['record_id']}")
    return StepWords("undo" if step.is_undo else "write", "; ".join(parts))


def _answer(step: Step) -> str:
    """Return what the CRM said: kept beside the chain, in older events within it."""
    kept = step.kept.get("answer")
    if kept is None:
        return str(step.payload["answer"])
    return "(erased on request)" if kept.is_erased else str(kept.value)


def _around(step: Step, _field: str | None) -> StepWords:
    _, record_id, field = json.loads(step.subject)
    at = f" at {short_time(step.payload['at'])} UTC" if step.payload["at"] else ""
    alarm = "ALARM, around us: " if step.payload["is_alarm"] else ""
    value = _shown(step.kept["value"]) if "value" in step.kept else ""
    who = step.payload["by"] or "somebody"
    what = f"{record_id} was" if field == RECORD else f"{field} of {record_id} became"
    return StepWords("around", f"{alarm}{what} {value}, by {who}{at}")


_WORDS: dict[str, Callable[[Step, str | None], StepWords]] = {
    ItemDecided.kind: _decided,
    DecisionRefused.kind: _refused,
    ItemReturned.kind: _returned,
    ItemRejudged.kind: _rejudged,
    EvidenceAttached.kind: _attached,
    ChangeProposedAgain.kind: _again,
    WritePlanned.kind: _planned,
    WriteSettled.kind: _settled,
    ChangeSeenAround.kind: _around,
}


def _planned_values(kept: KeptValue | None, field: str | None) -> str:
    if kept is None or kept.is_erased or not isinstance(kept.value, dict):
        return ERASED if kept is not None and kept.is_erased else "values unknown"
    fields, base = kept.value.get("fields"), kept.value.get("base")
    return _differences(base if isinstance(base, dict) else {}, fields if isinstance(fields, dict) else {}, field)


def _read(kept: Mapping[str, KeptValue], field: str | None) -> str:
    """Return what was read before and after a write, as far as it was kept."""
    before, after = kept.get("before"), kept.get("after")
    if any(each is not None and each.is_erased for each in (before, after)):
        return f"read before and after: {ERASED}"
    old = before.value if before is not None and isinstance(before.value, dict) else None
    new = after.value if after is not None and isinstance(after.value, dict) else None
    if new is not None:
        return f"read before and after: {_differences(old or {}, new, field)}"
    return f"read before: {_named(old, field)}" if old else ""


def _fields(kept: KeptValue, field: str | None) -> str:
    if kept.is_erased:
        return ERASED
    return _named(kept.value, field) if isinstance(kept.value, dict) else value_words(kept.value)


def _named(values: Mapping[str, Any], field: str | None) -> str:
    return ", ".join(f"{name} = {value_words(value)}" for name, value in _only(values, field).items())


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], field: str | None) -> str:
    shown = _only(new, field)
    return ", ".join(f"{name}: {value_words(old.get(name))} -> {value_words(value)}" for name, value in shown.items())


def _only(values: Mapping[str, Any], field: str | None) -> Mapping[str, Any]:
    return {field: values[field]} if field is not None and field in values else values


def _shown(kept: KeptValue) -> str:
    return ERASED if kept.is_erased else value_words(kept.value)


def value_words(value: Any) -> str:
    """Return a value as people read it."""
    return "(empty)" if value in (None, "") else value if isinstance(value, str) else canonical_json(value)
