"""The proposals that a labelled case may start from (`base`). Each passes by itself where the policy lets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wb_pipeline_tests.cases.pieces import SUBMITTED

Row = dict[str, Any]
Names = dict[str, str]


def base_proposal(base: str, n: Names) -> Row:
    """Return a proposal by its name. Raises KeyError for a name that is not in `BASES`."""
    said = {
        "proposal_id": f"p-{n['case']}",
        "submitted_at": SUBMITTED,
        "read_at": "2026-03-02T08:55:00Z",
        "actor": {"type": "ai_agent", "id": "agent-sales-1", "model": "m-1"},
        "confidence": 95,
        "source": "user",
        "rationale": "as the evidence shows",
    }
    return {**said, **BASES[base](n)}


def _update(kind: str, record_id: str, field: str, value: Any, **more: Any) -> Row:
    change = {"field": field, "op": "set", "value": value, **({"seen": more.pop("seen")} if "seen" in more else {})}
    return {"action": "update", "object": kind, "target": {"id": record_id}, "changes": [change], **more}


def _cites(name: str, n: Names, **more: Any) -> list[Row]:
    return [{"ref": f"{name}-{n['case']}", **more}]


def _title(n: Names) -> Row:
    more = {"seen": "Head of IT", "source": "linkedin", "evidence": _cites("profile", n)}
    return _update("contact", n["con"], "title", "VP IT", **more)


def _title_by_signature(n: Names) -> Row:
    more = {"seen": "Head of IT", "source": "email_signature", "evidence": _cites("signature", n, quote="VP IT")}
    return _update("contact", n["con"], "title", "VP IT", **more)


def _phone(n: Names) -> Row:
    more = {"seen": None, "source": "email_signature", "evidence": _cites("signature", n)}
    return _update("contact", n["con"], "phone", n["phone"], **more)


def _company_size(n: Names) -> Row:
    more = {"seen": "51-200", "source": "enrichment", "evidence": _cites("enrichment", n)}
    return _update("company", n["com"], "employee_range", "201-500", **more)


def _competitor(n: Names) -> Row:
    quote = "Our main alternative is Globex, we are comparing the two of you."
    more = {"seen": None, "source": "call", "evidence": _cites("call", n, quote=quote, at="00:02:10")}
    return _update("deal", n["deal"], "primary_competitor", "Globex", **more)


def _next_step(n: Names) -> Row:
    quote = "Yes, please send the security questionnaire by Friday."
    more = {"seen": None, "source": "call", "evidence": _cites("call", n, quote=quote, at="00:04:10")}
    return _update("deal", n["deal"], "next_step", "Send the security questionnaire", **more)


def _stage(n: Names) -> Row:
    more = {"seen": "discovery", "source": "email", "evidence": _cites("reply", n)}
    return _update("deal", n["deal"], "stage", "demo", **more)


def _create_contact(n: Names) -> Row:
    payload = {
        "first_name": n["new_first"],
        "last_name": n["new_last"],
        "email": n["new_email"],
        "company_id": n["com"],
    }
    return {"action": "create", "object": "contact", "payload": payload, "evidence": _cites("verification", n)}


def _create_lead(n: Names) -> Row:
    payload = {
        "first_name": n["new_first"],
        "last_name": n["new_last"],
        "email": n["new_email"],
        "company_name": n["company"],
    }
    more = {"source": "web_form", "evidence": _cites("form", n)}
    return {"action": "create", "object": "lead", "payload": payload, **more}


def _create_company(n: Names) -> Row:
    payload = {"name": n["other_company"], "domain": n["other_domain"], "industry": "Software"}
    return {
        "action": "create",
        "object": "company",
        "payload": payload,
        "source": "enrichment",
        "evidence": _cites("new_company", n),
    }


def _create_deal(n: Names) -> Row:
    payload = {"name": f"{n['company']} second site", "company_id": n["com"], "primary_contact_id": n["con"]}
    return {"action": "create", "object": "deal", "payload": payload, "evidence": _cites("meeting", n)}


def _log_meeting(n: Names) -> Row:
    payload = {"activity_type": "meeting", "contact_id": n["con"], "calendar_event_id": f"cal-{n['case']}"}
    payload |= {"occurred_at": "2026-02-26T09:00:00Z", "subject": f"Walk-through {n['company']}"}
    return {
        "action": "log",
        "object": "activity",
        "payload": payload,
        "source": "calendar",
        "evidence": _cites("meeting", n),
    }


def _log_call(n: Names) -> Row:
    payload = {"activity_type": "call", "contact_id": n["con"], "recording_id": f"rec-{n['case']}"}
    payload |= {
        "occurred_at": "2026-02-25T15:00:00Z",
        "subject": f"Call {n['company']}",
        "body": "They have about 340 employees now.",
    }
    return {"action": "log", "object": "activity", "payload": payload, "source": "call", "evidence": _cites("call", n)}


def _log_note(n: Names) -> Row:
    payload = {"activity_type": "note", "contact_id": n["con"], "body": f"{n['first']} prefers mail over phone."}
    return {"action": "log", "object": "activity", "payload": payload}


def _trigger(n: Names) -> Row:
    payload = {"workflow_id": n["workflow"], "effect": "enroll_sequence", "params": {}}
    return {"action": "trigger", "object": "contact", "target": {"id": n["con"]}, "payload": payload}


def _merge(n: Names) -> Row:
    payload = {"survivor": n["con"], "loser": n["colleague"]}
    return {"action": "merge", "object": "contact", "target": {"id": n["con"]}, "payload": payload}


BASES: dict[str, Callable[[Names], Row]] = {
    "title": _title,
    "title_by_signature": _title_by_signature,
    "phone": _phone,
    "company_size": _company_size,
    "competitor": _competitor,
    "next_step": _next_step,
    "stage": _stage,
    "create_contact": _create_contact,
    "create_lead": _create_lead,
    "create_company": _create_company,
    "create_deal": _create_deal,
    "log_meeting": _log_meeting,
    "log_call": _log_call,
    "log_note": _log_note,
    "trigger": _trigger,
    "merge": _merge,
}
