"""The policy's section about evidence: which mistakes are refused, and that nothing goes without evidence unsaid."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wb_pipeline.policy.load import parse_policy
from wb_pipeline.policy.tables import policy_tables

Refusal = Callable[..., str]
STAGE = """    - name: stage
      action: update
      objects: [deal]
      fields: [stage]
      needs:
        - [reply, meeting_held, proposal_sent, mutual_action_plan, signed_order_form]
"""
MEETING = """    - name: log_meeting
      action: log
      objects: [activity]
      fields: ["*"]
      when: {activity_type: meeting}
      needs:
        - [calendar_event]
"""


@pytest.mark.parametrize(
    ("requirement", "message"),
    [
        (STAGE, "nothing is said about the evidence for update deal.stage"),
        (MEETING, "log activity.* when activity_type is meeting has no statement of its own"),
    ],
)
def test_check_coverage_refuses_when_a_requirement_is_deleted(requirement: str, message: str, refusal: Refusal):
    """EVD-1: evidence is given up by a stated reason, never by a lost line."""
    assert message in refusal((requirement, ""))


def test_check_coverage_takes_an_exemption_with_its_reason(edited: Callable[..., str]):
    """EVD-1 is policy: `none: because ...` drops a requirement on purpose, and the reason is kept."""
    exempt = STAGE.split("      needs:", maxsplit=1)[0] + "      none: because our stages follow the calendar\n"
    rows = policy_tables(parse_policy(edited((STAGE, exempt)), "p"))["evidence_requirements"].to_pylist()
    (row,) = [row for row in rows if row["requirement"] == "stage"]
    assert (row["kind"], row["because"]) == ("none", "because our stages follow the calendar")


@pytest.mark.parametrize("reason", ["none: because", "none: yes", "none: ''", "none: true", "none: because x"])
def test_check_coverage_refuses_an_exemption_without_a_reason(reason: str, refusal: Refusal):
    """EVD-1: the reason is a sentence, so that nobody exempts by a slip."""
    assert "evidence.requirements[8]" in refusal(
        (STAGE, STAGE.split("      needs:", maxsplit=1)[0] + f"      {reason}\n")
    )


def test_check_coverage_takes_less_than_evd_1_with_a_stated_reason(edited: Callable[..., str]):
    """EVD-1: the second line of a created contact's evidence is dropped with `loosened: because ...` only."""
    text = edited(
        (
            "        - [domain_match]             # ... and belongs to the company\n",
            "      loosened: because we sell to freelancers\n",
        )
    )
    rows = policy_tables(parse_policy(text, "p"))["evidence_requirements"].to_pylist()
    assert [row["kind"] for row in rows if row["requirement"] == "create_contact"] == ["verified_email"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "{evidence: {order_form: [signed]}",
            "{evidence: {order_form: [singed]}",
            "order_form has no state 'singed' (did you mean signed?)",
        ),
        ("{evidence: {order_form: [signed]}", "{evidence: {order_from: [signed]}", "did you mean order_form?"),
        ("{evidence: {order_form: [signed]}", "{evidence: {order_form: []}", "it is empty"),
        ("{evidence: {order_form: [signed]}", "{evidence: {}", "it is empty"),
        ("{evidence: {web_visit: any}", "{evidence: {web_visit: [seen]}", "web_visit has no state 'seen' (write any)"),
        ("[held, completed, connected]", "[held, '', connected]", "text of another form is expected"),
        (
            "        - [linkedin_profile, email_signature]\n",
            "        - [linkedin_profil, email_signature]\n",
            "did you mean linkedin_profile?",
        ),
        ("        - [linkedin_profile, email_signature]\n", "        - []\n", "it is empty"),
        (
            "        - [linkedin_profile, email_signature]\n",
            "        - [linkedin_profile]\n        - [linkedin_profile]\n",
            "this line stands twice",
        ),
        ("when: {activity_type: meeting}", "when: {activity_type: meetng}", "did you mean meeting?"),
        ("when: {activity_type: meeting}", "when: {activity_tpe: meeting}", "did you mean activity_type?"),
        (
            "      when: {activity_type: meeting}\n",
            "",
            "log activity.* is stated twice: by log_meeting and log_anything_else",
        ),
        ("name: triggers", "name: merges", "merges stands twice"),
        ("    web_visit: {evidence", "    none: {evidence", "none is taken"),
        ("derived_kinds: [domain_match]", "derived_kinds: []", "there is no kind of evidence 'domain_match'"),
    ],
)
def test_check_evidence_names_the_mistake(old: str, new: str, message: str, refusal: Refusal):
    """EVD-1, EVD-4: a kind that means nothing, or everything, is refused."""
    assert message in refusal((old, new))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (("declined: [closed_lost]", "declined: [closed_lots]"), "'closed_lots' is no stage of a deal"),
        (("order_signed: [contract, closed_won]", "order_signed: [contract, contract]"), "contract stands twice"),
        (("    not_now: []", "    notnow: []"), "not_now"),
    ],
)
def test_stage_signs_are_stages_of_a_deal(edit: tuple[str, str], message: str, refusal: Refusal):
    """EVD-7: a misspelt stage or sign is refused, so that nothing is supported by a slip."""
    assert message in refusal(edit)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    order_form: [voided]\n", "", "voided must be listed"),
        ("email: [draft, bounced, forged]", "email: [draft, bounced]", "forged must be listed"),
        ("no_show, tentative, unattended]", "no_show, tentative]", "unattended must be listed"),
        ("email: [draft, bounced, forged]", "email: [draft, bounced, forged, inbound]", "inbound proves nothing"),
        ("proposal_document: [draft]", "proposal_document: [draft, darft]", "proposal_document has no state 'darft'"),
        ("  most_records_per_item: 12", "  most_records_per_items: 12", "most_records_per_item"),
        ("  most_stage_changes_per_item: 1", "  most_stage_changes_per_item: 0", "most_stage_changes_per_item"),
    ],
)
def test_check_evidence_refuses_when_less_proves_nothing(old: str, new: str, message: str, refusal: Refusal):
    """EVD-4, EVD-9: states that prove nothing may be added to, never taken away; a limit cannot be lost."""
    assert message in refusal((old, new))
