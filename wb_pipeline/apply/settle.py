"""From an answer, and what was read after it, to how a write ended. Reads and records nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wb_pipeline.apply.entries import Settlement
from wb_pipeline.apply.model import Outcome
from wb_pipeline.apply.prepared import Prepared, State
from wb_pipeline.apply.readback import Seen
from wb_pipeline.apply.send import Sent
from wb_pipeline.connectors.writing import Conflict, CrmAnswer, CrmError, Refused

_AT_ONCE: dict[State, Outcome] = {"already_so": "already_so", "found": "written", "conflict": "conflict"}


def settled_unsent(prepared: Prepared) -> Settlement:
    """Return how a write ended that was not sent: it is so already, stands there already, or somebody changed it."""
    return Settlement(
        write=prepared.write,
        key=prepared.key,
        outcome=_AT_ONCE[prepared.state],
        record_id=prepared.record_id,
        before=prepared.before or None,
        is_reconciled=prepared.state == "found",
        note=prepared.note,
    )


def settled_sent(
    sent: Sent, seen: Seen | None, stands: Mapping[str, Any] | None, *, is_away: bool = False
) -> Settlement:
    """Return how a write ended that was answered. `seen`: the record after it; `stands`: it, where it did not fit.

    `is_away`: the CRM took nothing from anybody, which is no fault of this write: it waits without being counted.
    """
    prepared, answer = sent.prepared, sent.answer
    if isinstance(answer, CrmAnswer):
        return _answered(sent, answer, seen)
    outcome: Outcome = "gave_up"
    note = ""
    if answer is None:
        outcome, note = "voided", "held back before it was sent"
    elif isinstance(answer, Refused):
        outcome = "refused"
    elif isinstance(answer, Conflict):
        outcome, note = "conflict", sent.note or "somebody changed the record just before"
    elif is_away:
        outcome = "voided"
    return Settlement(
        write=prepared.write,
        key=prepared.key,
        outcome=outcome,
        record_id=prepared.record_id,
        before=prepared.before if stands is None else stands,
        attempts=sent.attempts,
        answer=answer.text if isinstance(answer, CrmError) else "",
        note=note,
    )


def _answered(sent: Sent, answer: CrmAnswer, seen: Seen | None) -> Settlement:
    outcome, note = _shown(sent.prepared, seen)
    return Settlement(
        write=sent.prepared.write,
        key=sent.prepared.key,
        outcome=outcome,
        record_id=answer.record_id,
        before=sent.prepared.before,
        after=seen.after if seen else None,
        attempts=sent.attempts,
        answer=answer.text,
        note="; ".join(filter(None, (note, sent.prepared.note))),
    )


def _shown(prepared: Prepared, seen: Seen | None) -> tuple[Outcome, str]:
    """Believe a CRM that says done as far as its record shows it."""
    if seen is None or seen.is_clean:
        return "written", ""
    is_without = seen.after is None or len(seen.differing) == len(prepared.fields)
    if not seen.has_key and is_without and prepared.write.action != "merge":
        return "conflict", "the CRM said that it is done, but the record shows nothing of it"
    if seen.differing:
        return "written", f"it reads back differently: {', '.join(seen.differing)}"
    return "written", "the record carries the key of another write"
