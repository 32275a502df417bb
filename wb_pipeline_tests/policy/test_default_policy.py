"""The policy that ships grants and locks what the guardrails say."""

from __future__ import annotations

import pytest

from wb_pipeline.policy.checks.floors import HIGH_IMPACT_FIELDS
from wb_pipeline.policy.gates import GATES
from wb_pipeline_tests.policy.permissiveness import Tables


def classes(tables: Tables, name: str, action: str) -> dict[str, str]:
    """Return the class of each field of an object and action."""
    rows = tables["fields"].to_pylist()
    return {row["field"]: row["class"] for row in rows if (row["object"], row["action"]) == (name, action)}


def fields_of(tables: Tables, name: str, field_class: str) -> set[str]:
    """Return the fields of one class for updates."""
    return {field for field, given in classes(tables, name, "update").items() if given == field_class}


def test_default_policy_has_the_safe_fields_of_the_guardrails(default_tables: Tables):
    """FLD-6: exactly the listed fields are written without a person, and leads inherit the contact's."""
    contact = {"title", "linkedin_url", "phone", "persona", "last_outbound_touch"}
    assert fields_of(default_tables, "contact", "safe") == contact
    assert fields_of(default_tables, "lead", "safe") == contact
    assert fields_of(default_tables, "company", "safe") == {"website", "employee_range", "industry", "tech_stack_tags"}
    assert fields_of(default_tables, "deal", "safe") == {"next_step", "close_date_suggestion", "primary_competitor"}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("deal", {"stage", "forecast_category", "owner"}),
        ("company", {"account_owner", "tier", "territory"}),
        ("contact", {"owner", "lifecycle_stage", "do_not_contact", "email_opt_out", "lawful_basis", "consent_at"}),
        ("lead", {"owner", "lifecycle_stage", "do_not_contact", "email_opt_out", "lawful_basis", "consent_at"}),
    ],
)
def test_default_policy_has_the_sensitive_fields_of_the_guardrails(name: str, fields: set[str], default_tables: Tables):
    """FLD-6: stage, forecast, owners, tier, territory, lifecycle and compliance fields wait for a person."""
    assert fields <= fields_of(default_tables, name, "sensitive")


def test_default_policy_locks_identifiers_for_updates_and_lets_a_create_set_them(default_tables: Tables):
    """FLD-3, FLD-6: email, domain and external ids are set once."""
    assert classes(default_tables, "contact", "update")["email"] == "locked"
    assert classes(default_tables, "lead", "update")["email"] == "locked"
    assert fields_of(default_tables, "company", "locked") == {"domain", "additional_domains", "external_id"}
    assert classes(default_tables, "contact", "create")["email"] == "safe"
    assert classes(default_tables, "company", "create")["domain"] == "safe"
    assert classes(default_tables, "company", "create")["external_id"] == "safe"


def test_default_policy_locks_amounts_unless_they_are_sourced(default_tables: Tables):
    """FLD-4: a signed order form makes an amount sensitive, nothing makes it safe."""
    assert classes(default_tables, "deal", "update")["amount"] == "locked"
    assert classes(default_tables, "deal", "create")["amount"] == "sensitive"
    (unlock,) = default_tables["unlocks"].drop_columns("policy_hash").to_pylist()
    assert unlock == {
        "object": "deal",
        "action": "update",
        "field": "amount",
        "kind": "signed_order_form",
        "class": "sensitive",
    }


def test_default_policy_makes_lead_source_append_only(default_tables: Tables):
    """FLD-4: lead source is never replaced, by whatever action and on leads as well."""
    rows = [row for row in default_tables["fields"].to_pylist() if row["field"] == "lead_source"]
    assert {(row["object"], row["action"]) for row in rows} == {
        (o, a) for o in ("contact", "lead") for a in ("create", "update")
    }
    assert all(row["is_append_only"] for row in rows)


def test_default_policy_has_the_confidence_bands_of_the_guardrails(default_tables: Tables):
    """CNF-1: 80 to 100 passes, 50 to 79 is a suggestion or waits, below is denied."""
    (settings,) = default_tables["settings"].to_pylist()
    assert (settings["auto_confidence_from"], settings["suggest_confidence_from"]) == (80, 50)
    verdicts = {row["gate"]: row["verdict"] for row in default_tables["gates"].to_pylist()}
    assert verdicts["gate_confidence__below_suggest_band"] == "deny"
    assert verdicts["gate_confidence__below_auto_band"] == "review"
    assert verdicts["gate_confidence__suggestion_only"] == "suggest"


def test_default_policy_has_the_threshold_and_limits_of_the_guardrails(default_tables: Tables):
    """HIA-1, OVW-2, EXC-1, RVW-2: 10,000 for a deal; 90, 30 and 14 days."""
    (settings,) = default_tables["settings"].to_pylist()
    assert settings["deal_threshold"] == 10_000
    assert (settings["human_shield_days"], settings["pending_expires_days"], settings["approval_expires_days"]) == (
        90,
        30,
        14,
    )


def test_default_policy_leaves_no_high_impact_change_to_itself(default_tables: Tables):
    """HIA-1, HIA-3: wherever such a field can be written, it is marked and never safe; so is every merge."""
    rows = [row for row in default_tables["fields"].to_pylist() if row["field"] in HIGH_IMPACT_FIELDS]
    assert {row["object"] for row in rows} == {"contact", "lead", "company", "deal"}
    assert all(row["is_high_impact"] and row["class"] == "sensitive" for row in rows)
    merges = [row for row in default_tables["actions"].to_pylist() if row["action"] == "merge"]
    assert {(row["class"], row["is_high_impact"]) for row in merges} == {("sensitive", True)}


EVD_1 = {
    ("contact", "create", "*"): [{"verified_email"}, {"domain_match"}],
    ("contact", "update", "title"): [{"linkedin_profile", "email_signature"}],
    ("lead", "update", "title"): [{"linkedin_profile", "email_signature"}],
    ("deal", "update", "stage"): [
        {"reply", "meeting_held", "proposal_sent", "mutual_action_plan", "signed_order_form"}
    ],
    ("deal", "create", "stage"): [
        {"reply", "meeting_held", "proposal_sent", "mutual_action_plan", "signed_order_form"}
    ],
}


@pytest.mark.parametrize("about", EVD_1)
def test_default_policy_asks_for_the_evidence_of_the_guardrails(about: tuple[str, str, str], default_tables: Tables):
    """EVD-1: every group is asked for, each met by any kind in it."""
    groups: dict[int, set[str]] = {}
    for row in default_tables["evidence_requirements"].to_pylist():
        if (row["object"], row["action"], row["field"]) == about:
            assert row["condition_field"] is None
            groups.setdefault(row["alternative_group"], set()).add(row["kind"])
    assert [groups[number] for number in sorted(groups)] == EVD_1[about]


def test_default_policy_asks_for_a_calendar_event_for_meetings_only(default_tables: Tables):
    """EVD-1, EVD-8: a meeting needs its event; a note does not, and is labelled instead."""
    rows = default_tables["evidence_requirements"].to_pylist()
    logs = {
        (row["kind"], row["condition_field"], row["condition_value"])
        for row in rows
        if (row["action"], row["field"]) == ("log", "*")
    }
    assert logs == {("calendar_event", "activity_type", "meeting"), ("none", None, None)}


def test_default_policy_makes_no_deal_from_a_page_view(default_tables: Tables):
    """EVD-1: no requirement accepts a web visit."""
    assert "web_visit" not in default_tables["evidence_requirements"]["kind"].to_pylist()


@pytest.mark.parametrize(
    ("evidence_type", "state"),
    [
        ("calendar_event", "cancelled"),
        ("calendar_event", "no_show"),
        ("calendar_event", "tentative"),
        ("proposal_document", "draft"),
        ("order_form", "sent"),
        ("order_form", "partially_signed"),
        ("order_form", "voided"),
        ("mutual_action_plan", "template"),
        ("email_verification", "catch_all"),
        ("email_verification", "invalid"),
        ("email", "outbound"),
    ],
)
def test_default_policy_takes_no_evidence_in_the_wrong_state(evidence_type: str, state: str, default_tables: Tables):
    """EVD-4: what was cancelled, drafted or only half signed is no evidence of any kind."""
    kinds = default_tables["evidence_kinds"].to_pylist()
    assert not [
        row for row in kinds if row["evidence_type"] == evidence_type and row["evidence_state"] in (state, None)
    ]


def test_default_policy_gives_every_gate_its_default_verdict(default_tables: Tables):
    """FLD-1: the file and the list of gates agree."""
    assert {row["gate"]: row["verdict"] for row in default_tables["gates"].to_pylist()} == {
        rule.gate: rule.default for rule in GATES
    }


def test_default_policy_suggests_only_into_fields_of_their_own(default_tables: Tables):
    """CNF-1: no suggestion reaches a field that the CRM knows."""
    known = set(default_tables["field_formats"]["field"].to_pylist())
    targets = {row["suggestion_field"] for row in default_tables["fields"].to_pylist()} - {None}
    assert "ai_suggested_title" in targets
    assert not targets & known


def test_default_policy_explains_every_section(default_text: str):
    """FLD-6: the policy is read by people: each section has words of its own."""
    sections = [part for part in default_text.split("\n\n") if not part.startswith("version")]
    assert [part[:60] for part in sections if "#" not in part] == []
