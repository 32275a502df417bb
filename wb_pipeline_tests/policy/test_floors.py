"""What no policy may loosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wb_pipeline.policy.checks.gates import check_gates
from wb_pipeline.policy.gates import GATES, GateRule
from wb_pipeline.policy.load import Policy, parse_policy
from wb_pipeline.policy.tables import policy_tables
from wb_pipeline.policy.vocabulary import VERDICTS

Refusal = Callable[..., str]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "fields:\n    contact: [owner, do_not_contact,",
            "fields:\n    contact: [do_not_contact,",
            "owner of contact must be listed",
        ),
        ("    company: [account_owner]\n", "", "account_owner of company must be listed"),
        ("  actions: [merge]", "  actions: []", "merge must be listed"),
        (
            "    contact: sensitive               # a merge",
            "    contact: safe               # a merge",
            "merge is high-impact and cannot be safe",
        ),
        (
            "sensitive: [stage, forecast_category, owner, close_date, amount]",
            "sensitive: [forecast_category, owner, close_date, amount]",
            "",
        ),
    ],
)
def test_check_floors_keeps_high_impact_changes_with_people(
    old: str, new: str, message: str, refusal: Refusal, edited: Callable[..., str]
):
    """HIA-1: no policy takes a high-impact field or action from a person; a field left out is denied."""
    if message:
        assert message in refusal((old, new))
    else:
        rows = policy_tables(parse_policy(edited((old, new)), "p"))["fields"].to_pylist()
        assert not [row for row in rows if (row["object"], row["action"], row["field"]) == ("deal", "create", "stage")]


@pytest.mark.parametrize("field_class", ["safe", "sensitive"])
def test_check_floors_keeps_identifiers_locked_for_updates(field_class: str, refusal: Refusal):
    """FLD-3: neither automatic nor by approval."""
    lists = {
        "safe": "safe: [website, employee_range,",
        "sensitive": "sensitive: [tier, territory, account_owner]       # they move",
    }
    old = lists[field_class]
    message = refusal(
        (old, old.replace("[", "[external_id, ")),
        ("locked: [domain, additional_domains, external_id]", "locked: [domain]"),
    )
    assert "external_id for update company is a unique identifier and must be locked" in message


def test_check_floors_keeps_amounts_locked_for_updates(refusal: Refusal):
    """FLD-4: the amount opens for evidence only."""
    message = refusal(
        ("locked: [amount]               # see", "locked: []  # see"),
        ("sensitive: [stage, forecast_category, owner]\n", "sensitive: [amount, stage, forecast_category, owner]\n"),
    )
    assert "amount for update deal must be locked" in message


def test_check_floors_refuses_to_unlock_a_field_for_automatic_writing(refusal: Refusal):
    """FLD-4, HIA-1: evidence makes a locked field sensitive, never safe."""
    assert "'safe' is not one of 'sensitive'" in refusal(
        ("kind: signed_order_form, class: sensitive}", "kind: signed_order_form, class: safe}")
    )


def test_check_floors_refuses_to_unlock_an_identifier(refusal: Refusal):
    """FLD-3: no evidence opens an identifier."""
    message = refusal(
        ("{object: deal, action: update, field: amount,", "{object: contact, action: update, field: email,")
    )
    assert "email is a unique identifier and stays locked" in message


def test_check_floors_keeps_lead_source_append_only(refusal: Refusal):
    """FLD-4: lead_source that may be written is append-only."""
    message = refusal(("append_only: [lead_source]     # where", "append_only: []     # where"))
    assert "lead_source for update contact must be listed" in message


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("required: [email] ", "required: [] ", "email"),
        ("required: [name, domain] ", "required: [name] ", "domain"),
        ("required: [name, company_id] ", "required: [name] ", "company_id"),
        ("required: [activity_type] ", "required: [] ", "activity_type"),
    ],
)
def test_check_floors_keeps_what_a_record_cannot_do_without(old: str, new: str, field: str, refusal: Refusal):
    """IDN-1: a record without its identifying fields is not made."""
    assert f"{field} must be listed" in refusal((old, new))


def test_gates_have_no_verdict_that_lets_a_must_pass():
    """HIA-1, FLD-1, FLD-2: only the gates that guard no "must" may be weaker than review."""
    weak = {rule.gate for rule in GATES if {"label", "shadow", "off", "suggest"} & {*rule.allowed}}
    assert weak == {
        "gate_overwrite__seen_value_missing",
        "gate_confidence__suggestion_only",
        "gate_evidence__activity_unverified",
    }
    assert {rule.gate for rule in GATES if "off" in rule.allowed} == {"gate_overwrite__seen_value_missing"}


@pytest.mark.parametrize("rule", GATES, ids=lambda rule: rule.gate)
def test_check_gates_takes_the_allowed_verdicts_and_no_others(rule: GateRule, default_policy: Policy):
    """FLD-1: a gate's verdict is policy within what its guardrail leaves open; the refusal says why."""
    assert rule.default in rule.allowed
    for verdict in VERDICTS:
        gates = {**default_policy.document.gates, rule.gate: verdict}
        findings = check_gates(default_policy.document.model_copy(update={"gates": gates}))
        assert [finding.hint for finding in findings] == ([] if verdict in rule.allowed else [rule.reason])
