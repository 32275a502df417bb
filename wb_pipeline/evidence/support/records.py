"""Which structured evidence is judged how: profiles, vendors' records, forms, papers, meetings. No prose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_pipeline.evidence.support.attributes import NOTHING
from wb_pipeline.evidence.support.papers import judge_meeting, judge_order_form
from wb_pipeline.evidence.support.profiles import judge_profile
from wb_pipeline.evidence.support.vendor_records import judge_enrichment, judge_form, judge_verification

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wb_pipeline.evidence.support.claim import Claim, Support


def judge_record(claim: Claim, evidence_type: str, payload: Mapping[str, Any]) -> Support | None:
    """Return what a structured item says of the claim; None for a type that is read as words."""
    judge = _JUDGES.get(evidence_type)
    return judge(claim, payload) if judge else None


def _silent(claim: Claim, payload: Mapping[str, Any]) -> Support:  # noqa: ARG001 - as the others
    return NOTHING


_JUDGES: dict[str, Callable[[Claim, Mapping[str, Any]], Support]] = {
    "linkedin_profile": judge_profile,
    "enrichment": judge_enrichment,
    "form_submission": judge_form,
    "email_verification": judge_verification,
    "order_form": judge_order_form,
    "calendar_event": judge_meeting,
    "proposal_document": _silent,
    "mutual_action_plan": _silent,
    "web_visit": _silent,
    "crm_event": _silent,
}
