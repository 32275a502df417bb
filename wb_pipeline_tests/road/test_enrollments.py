"""Who is put into a sequence by a trigger, and how often: gates see to it. What workflows do: `test_triggers`."""

from __future__ import annotations

from typing import Any

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.workflows import SAFE, SEQUENCE, champion, start, trigger, workflow, world
from wb_pipeline_tests.road.world import change, record, update

_PEOPLE: list[tuple[dict[str, Any], set[str]]] = [
    ({}, set()),
    ({"lifecycle_stage": None}, set()),
    ({"country": "Germany", "lawful_basis": "legitimate_interest"}, set()),
    ({"persona": "legal"}, {"audience_not_allowed"}),
    ({"persona": None}, {"audience_not_allowed"}),
    ({"lifecycle_stage": "customer"}, {"audience_not_allowed"}),
    ({"do_not_contact": True}, {"person_opted_out"}),
    ({"email_opt_out": "true"}, {"person_opted_out"}),
    ({"hs_email_optout": "yes"}, {"person_opted_out"}),
    ({"lawful_basis": "consent withdrawn"}, {"person_opted_out"}),
    ({"email": "umar+x@northwind.example"}, {"person_opted_out"}),
    ({"email_status": "bounced"}, {"no_basis_to_write"}),
    ({"country": "DE"}, {"no_basis_to_write"}),
    ({"country": "Atlantis"}, {"no_basis_to_write"}),
]


def test_sequence_is_started_for_the_right_people_only(road: Road) -> None:
    """TRG-1, HIA-2: persona, stage, opt-out under any name, suppression, bounced address, lawful basis."""
    people = [champion(f"con-{number}", **fields) for number, (fields, _) in enumerate(_PEOPLE, start=10)]
    suppressed = record("suppression", "sup-1", {"email": "umar@northwind.example", "reason": "asked"})
    starts = [trigger(each["id"]) for each in people]
    outcome = road.run(world(suppressed, *people), *starts, *(trigger(each["id"], "wf-2") for each in people))
    for line, (fields, gates) in enumerate(_PEOPLE, start=1):
        assert outcome.gates(line) == {f"gate_trigger__{gate}" for gate in gates}, fields
        assert outcome.lane(line) == ("deny" if gates else "auto"), fields
        # What writes to nobody is no sequence.
        assert outcome.lane(line + len(_PEOPLE)) == "auto", fields


def test_policy_may_name_who_each_workflow_is_for(road: Road) -> None:
    """TRG-1: a list in the policy is complete: a workflow that is not on it is for nobody."""
    listed = SAFE.replace("  workflows: as_recorded ", "  workflows: {wf-1: {personas: [legal], stages: [lead]}} ")
    people = [
        champion("con-11"),
        champion("con-12", persona="legal"),
        champion("con-13", persona="legal", lifecycle_stage="opportunity"),
    ]
    more = workflow("wf-3", SEQUENCE, personas=["legal"])
    starts = [*(trigger(each["id"]) for each in people), trigger("con-12", "wf-3")]
    outcome = road.run(world(more, *people, policy=listed), *starts)
    assert [outcome.lane(line) for line in range(1, 5)] == ["deny", "auto", "deny", "deny"]


def test_sequence_behind_another_workflow_is_a_sequence(road: Road) -> None:
    """TRG-1, TRG-4: through a quiet workflow as well, and for a deal's primary contact."""
    people = [champion("con-11", do_not_contact=True), champion("con-12"), champion("con-13")]
    deals = [
        record("deal", f"deal-{each['id']}", {"name": each["id"], "stage": "demo", "primary_contact_id": each["id"]})
        for each in (people[0], people[2])
    ]
    quiet = workflow("wf-3", start("wf-1"), personas=[])
    starts = [
        trigger("con-11", "wf-3"),
        trigger("con-12", "wf-3"),
        *(trigger(deal["id"], kind="deal") for deal in deals),
    ]
    outcome = road.run(world(quiet, *people, *deals), *starts, trigger("com-1", kind="company"))
    assert [outcome.lane(line) for line in range(1, 6)] == ["deny", "auto", "deny", "auto", "deny"]


def test_sequence_is_started_once_for_a_person(road: Road) -> None:
    """TRG-1, TRG-2: nor by another record, with other words, or as what a quiet workflow is said to do."""
    people = [champion("con-11"), champion("con-12"), champion("con-13", do_not_contact=True), champion("con-14")]
    deals = [
        record("deal", f"deal-{each['id']}", {"name": each["id"], "stage": "demo", "primary_contact_id": each["id"]})
        for each in people
    ]
    enrolled = record("enrollment", "enr-1", {"workflow_id": "wf-1", "contact_id": "con-14", "status": "active"})
    outcome = road.run(
        world(*people, *deals, enrolled),
        trigger("con-11"),
        trigger("deal-con-11", kind="deal"),
        trigger("con-12"),
        trigger("con-12", proposal_id="again", payload={"params": {"a": 1}}),
        trigger("con-13", "wf-2", payload={"effect": "enroll_sequence"}),
        trigger("deal-con-14", kind="deal"),
    )
    for line in range(1, 5):
        assert outcome.gates(line) == {"gate_trigger__started_again"}
        assert outcome.lane(line) == "review"
    assert outcome.gates(5) == {"gate_trigger__person_opted_out"}
    assert outcome.gates(6) == {"gate_trigger__already_enrolled"}
    assert [outcome.lane(line) for line in (5, 6)] == ["deny", "deny"]


def test_opt_out_counts_from_the_moment_it_is_proposed(road: Road) -> None:
    """HIA-2, TRG-1: in the same batch, whatever its lane and order, and later while it waits for a person."""
    people = [
        champion("con-11"),
        champion("con-12"),
        record("lead", "lead-1", {"email": "con-11+x@northwind.example", "last_name": "x"}),
    ]
    asked = update("con-11", change("unsubscribed", True), proposal_id="p-out")
    unsure = update("con-12", change("do_not_contact", True), proposal_id="p-unsure", confidence=10)
    first = road.run(world(*people), trigger("con-11"), asked, trigger("con-12"), unsure)
    assert [first.lane(line) for line in (1, 3)] == ["deny", "deny"]
    assert first.lane(2, "email_opt_out") == "review"
    later = road.run(world(*people), trigger("con-11", proposal_id="p-2"), trigger("con-12", proposal_id="p-3"))
    assert "gate_trigger__person_opted_out" in later.gates(1)
    assert later.lane(2) == "auto"


def test_nobody_is_put_twice_into_one_sequence(road: Road) -> None:
    """TRG-1: an enrolment that is not over; a finished one is no hindrance."""
    people = [champion("con-11"), champion("con-12")]
    enrolled = [
        record("enrollment", f"enr-{number}", {"workflow_id": "wf-1", "contact_id": f"con-{number}", "status": status})
        for number, status in ((11, "Active"), (12, "completed"))
    ]
    outcome = road.run(world(*people, *enrolled), trigger("con-11"), trigger("con-12"))
    assert outcome.gates(1) == {"gate_trigger__already_enrolled"}
    assert outcome.lane(2) == "auto"
