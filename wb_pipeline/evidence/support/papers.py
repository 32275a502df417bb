"""What order forms and meetings say of a value, and the state of any paper or meeting of a stage. No spoken words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wb_pipeline.contract.times import read_time
from wb_pipeline.evidence.support.attributes import NOTHING, text_key
from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.normalize.domains import normalize_domain, registrable_domain
from wb_pipeline.normalize.numbers import normalize_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wb_pipeline.evidence.support.claim import Claim

_SAME_MEETING = timedelta(hours=12)
"""Between an event's start and the time that is logged for it: zones and halls differ, days do not."""
_STATE_OF_STAGE = {
    "calendar_event": ("meeting_held", ("held",), ("cancelled", "canceled", "no_show")),
    "call_recording": ("meeting_held", ("held", "completed", "connected"), ("no_answer", "no_show", "voicemail")),
    "proposal_document": ("proposal_sent", ("sent",), ()),
    "order_form": ("order_signed", ("signed",), ("voided",)),
    "mutual_action_plan": ("plan_active", ("active",), ()),
}
_STATES = {"call_recording": "outcome"}
STATED_TYPES: Iterable[str] = tuple(_STATE_OF_STAGE)
"""Types whose state is a sign for a stage."""


def judge_state(claim: Claim, evidence_type: str, payload: Mapping[str, Any]) -> tuple[Support, str | None]:
    """Return whether the state of an item (held, sent, signed, active) supports a stage, and the sign that it is."""
    sign, good, bad = _STATE_OF_STAGE[evidence_type]
    state = str(payload.get(_STATES.get(evidence_type, "status")) or "").strip().lower()
    if state in bad:
        return Support("contradicts", f"its state is {state}"), None
    if state not in good:
        return Support("silent", f"its state, {state or 'none'}, shows nothing"), None
    if evidence_type == "calendar_event" and not _was_attended(claim, payload):
        return Support("contradicts", "nobody of the buyer's side was there"), None
    if str(claim.value).strip().lower() in claim.stages.get(sign, ()):
        return Support("supports", f"its state is {state}"), sign
    return Support("silent", f"its state is {state}, which does not stand for this stage"), sign


def _was_attended(claim: Claim, payload: Mapping[str, Any]) -> bool:
    """Say whether somebody of the buyer's side came; where the event does not tell who came, its state stands."""
    listed = payload.get("attendees")
    told = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    absent = [each for each in told if each.get("attended") is False]
    present = [each for each in told if each.get("attended") is True]
    mine = registrable_domain(normalize_domain(claim.company_domain) or "") if claim.company_domain else None
    if not absent or mine is None:
        return True
    return any(_domain_of(each) == mine for each in present)


def _domain_of(attendee: Mapping[str, Any]) -> str | None:
    domain = normalize_domain(str(attendee.get("email") or "").rpartition("@")[2])
    return registrable_domain(domain) if domain else None


def judge_order_form(claim: Claim, payload: Mapping[str, Any]) -> Support:
    """Judge by an order form: signed by all it supports amount and currency, signed in part it is a reserve."""
    if claim.field not in ("amount", "currency"):
        return NOTHING
    given = payload.get(claim.field)
    if given in (None, ""):
        return NOTHING
    state = text_key(payload.get("status") or "")
    if state == "voided":
        return Support("contradicts", "the order form is voided")
    is_amount = claim.field == "amount"
    same = _amount(given) == _amount(claim.value) if is_amount else text_key(given) == text_key(claim.value)
    if not same:
        return Support("contradicts", f"the order form gives {given}")
    currency = text_key(payload.get("currency") or "")
    if is_amount and claim.currency and currency and currency != text_key(claim.currency):
        return Support("contradicts", f"the order form is in {currency.upper()}")
    return (
        Support("supports", f"signed for {given}") if state == "signed" else Support("hedged", f"its state is {state}")
    )


def _amount(value: Any) -> float | None:
    return normalize_number(value.replace(",", "") if isinstance(value, str) else value)


def judge_meeting(claim: Claim, payload: Mapping[str, Any]) -> Support:
    """Judge by a calendar event: it says when a meeting was, if it took place."""
    if claim.field != "occurred_at" or not payload.get("start"):
        return NOTHING
    status = text_key(payload.get("status") or "")
    if status in ("cancelled", "canceled", "no_show"):
        return Support("contradicts", f"the meeting is {status}")
    began, claimed = read_time(str(payload["start"])).at, read_time(str(claim.value)).at
    if began is None or claimed is None:
        return Support("silent", "one of the two times has no zone")
    if abs(began - claimed) <= _SAME_MEETING:
        return Support("supports", "at that time")
    return Support("contradicts", f"it began at {payload['start']}")
