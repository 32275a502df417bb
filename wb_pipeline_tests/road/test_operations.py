"""What an update may ask for, and what counts as the value that is there already."""

from __future__ import annotations

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import WORLD, change, contact, log, policy_with, title_update, update, with_records

_UNFIT = "gate_contract__operation_unfit"


def test_unknown_operation_is_denied(road: Road) -> None:
    """CON-6: what is neither set nor append is a write that no overwrite rule looks at."""
    operations = ["clear", "delete", "increment", "appénd", ""]
    asked = [change("phone", "+14155550199", seen="+14155550132", op=operation) for operation in operations]
    outcome = road.run(WORLD, *(update("con-1", each, proposal_id=f"p-{each['op']}") for each in asked))
    for line, operation in enumerate(operations, start=1):
        assert outcome.lane(line, "phone") == "deny", operation
        assert _UNFIT in outcome.gates(line, "phone"), operation


def test_append_passes_on_a_list_only(road: Road) -> None:
    """OVW-1: to append to a text would replace it unseen; to append to a list adds to it."""
    outcome = road.run(
        WORLD,
        update("con-1", change("phone", "+14155550199", op="append")),
        update("com-1", change("tech_stack_tags", ["mews"], op="append"), proposal_id="p-2"),
    )
    assert (outcome.lane(1, "phone"), outcome.gates(1, "phone")) == ("deny", {_UNFIT})
    assert outcome.lane(2, "tech_stack_tags") == "auto"


def test_append_to_history_waits_for_a_person(road: Road) -> None:
    """FLD-4: a lead source may grow, by a person's word."""
    world = with_records({**WORLD.crm[2], "fields": {**WORLD.crm[2]["fields"], "lead_source": "fair"}})
    appended = change("lead_source", "webinar", op="append")
    assert road.run(world, update("con-1", appended)).lane(1, "lead_source") == "review"


def test_capitals_are_a_change_of_a_name_and_none_of_an_address(road: Road) -> None:
    """IDN-3, FLD-8: `head of it` may be corrected; an address in capitals is the same address."""
    email = "Ben@Northwind.example"
    outcome = road.run(
        with_records(contact("con-2", email=email, title="Buyer")),
        title_update("p-1", "HEAD of IT", evidence=[{"ref": "profile:Head of IT"}]),
        update("con-2", change("email", "ben@NORTHWIND.example", seen=email), proposal_id="p-2"),
        update("con-2", change("title", "Buyer", seen="Buyer"), proposal_id="p-3"),
    )
    assert outcome.lane(1, "title") == "auto"
    assert outcome.lane(2, "email") == "noop"
    assert outcome.lane(3, "title") == "noop"


def test_gate_that_is_off_is_not_heard(road: Road) -> None:
    """OVW-1: who does not say what it saw is reviewed; with that gate off, where the policy may, it passes."""
    unseen = update("con-1", change("phone", "+14155550199"))
    assert road.rehearse(WORLD, unseen).lane(1, "phone") == "review"
    gate = "gate_overwrite__seen_value_missing: "
    world = with_records(policy=policy_with((f"{gate}review", f"{gate}off")))
    outcome = road.rehearse(world, unseen)
    assert (outcome.lane(1, "phone"), outcome.row(1, "phone")["objections"]) == ("auto", "[]")
    # Nor does it keep a wish from being contested by another one.
    other = update("con-1", change("phone", "+14155550102"), proposal_id="p-2")
    outcome = road.rehearse(world, unseen, other)
    assert [outcome.lane(line, "phone") for line in (1, 2)] == ["review", "review"]


def test_suggestion_without_a_field_to_go_to_is_reviewed(road: Road) -> None:
    """CNF-1: a verdict `suggest` on what has no suggestion field must not write the real field."""
    gate = "gate_evidence__activity_unverified: "
    world = with_records(policy=policy_with((f"{gate}label", f"{gate}suggest")))
    outcome = road.run(world, log("note", body="the board said yes"), with_suites=True)
    assert set(outcome.lanes().values()) == {"review"}
