"""Triggers under a policy that lets agents start workflows: the gates, not a person, keep them in bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from wb_pipeline_tests.road.harness import Road, World
from wb_pipeline_tests.road.world import Row, change, contact, policy_with, proposal, record, update, with_records

SAFE = policy_with(
    ("    contact: sensitive               # a sequence", "    contact: safe                    # a sequence"),
    (
        "    company: sensitive\n    lead: sensitive\n    deal: sensitive\n  merge",
        "    company: safe\n    lead: safe\n    deal: safe\n  merge",
    ),
)
_SEQUENCE = {"do": "enroll_sequence", "sequence": "spring"}


def workflow(record_id: str, *effects: Mapping[str, Any], **more: Any) -> Row:
    """Return an active workflow for champions."""
    fields = {"name": record_id, "status": "active", "personas": ["champion"], "effects": list(effects), **more}
    return record("workflow", record_id, fields)


def start(workflow_id: str) -> dict[str, str]:
    """Return the effect of starting another workflow."""
    return {"do": "start_workflow", "workflow_id": workflow_id}


def sets(field: str, value: Any, kind: str | None = None) -> dict[str, Any]:
    """Return the effect of setting a field."""
    return {"do": "set_field", "field": field, "value": value, **({"object": kind} if kind else {})}


def champion(record_id: str, **fields: Any) -> Row:
    """Return a contact whom the sequence is for."""
    given = {"email": f"{record_id}@northwind.example", "persona": "champion", "lifecycle_stage": "lead", **fields}
    return contact(record_id, **given)


def trigger(
    record_id: str, workflow_id: str = "wf-1", proposal_id: str = "", kind: str = "contact", **said: Any
) -> Row:
    """Return a trigger of a workflow on a record."""
    payload = {"workflow_id": workflow_id, **said.pop("payload", {})}
    name = proposal_id or f"{record_id} {workflow_id}"
    return proposal(name, "trigger", kind, target={"id": record_id}, payload=payload, **said)


def world(*records: Row, policy: str = SAFE) -> World:
    """Return the small world with a sequence, a quiet workflow and more."""
    return with_records(
        workflow("wf-1", _SEQUENCE, sends_email=True), workflow("wf-2", {"do": "notify"}), *records, policy=policy
    )


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
    more = workflow("wf-3", _SEQUENCE, personas=["legal"])
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


@pytest.mark.parametrize("status", ["disabled", "Paused", None])
def test_workflow_that_is_not_active_is_not_started(status: str | None, road: Road) -> None:
    """TRG-1: somebody switched it off, or nobody knows."""
    outcome = road.run(
        world(workflow("wf-3", {"do": "notify"}, status=status)), trigger("con-1", "wf-3"), trigger("con-1", "wf-9")
    )
    assert outcome.gates(1) == {"gate_trigger__workflow_not_active"}
    assert (outcome.lane(1), outcome.lane(2)) == ("deny", "deny")


_CHAINS: list[tuple[dict[str, Any], str]] = [
    ({}, "auto"),
    ({"root": "ev-1", "parent": "ev-1", "depth": 1, "path": []}, "auto"),
    ({"depth": 3, "path": ["wf-7", "wf-8"]}, "auto"),
    ({"depth": 4, "path": []}, "deny"),
    ({"path": ["wf-6", "wf-7", "wf-8", "wf-9"]}, "deny"),
    ({"depth": 1, "path": ["wf-7", "wf-8"]}, "deny"),
    ({"depth": 2, "path": ["wf-7", "wf-7"]}, "deny"),
    ({"depth": 2, "path": ["wf-2", "wf-7"]}, "deny"),
    ({"depth": 1, "path": ["wf-2"]}, "deny"),
    ({"depth": 1, "root": "wf-2"}, "deny"),
    ({"depth": 1, "parent": "own"}, "deny"),
]


def test_chain_of_causes_is_cut(road: Road) -> None:
    """TRG-2: a path that repeats, leads back, is too deep or is said to be shorter than it is; for updates too."""
    starts = [
        trigger("con-1", "wf-2", proposal_id="own" if chain.get("parent") == "own" else f"p-{number}", causation=chain)
        for number, (chain, _) in enumerate(_CHAINS)
    ]
    people = [champion(f"con-{number}") for number in range(20, 20 + len(_CHAINS))]
    starts = [{**each, "target": {"id": person["id"]}} for each, person in zip(starts, people, strict=True)]
    deep = update(
        "con-1", change("phone", "+14155550199", seen="+14155550132"), proposal_id="p-deep", causation={"depth": 9}
    )
    outcome = road.run(world(*people), *starts, deep)
    assert [outcome.lane(line) for line in range(1, len(_CHAINS) + 1)] == [lane for _, lane in _CHAINS]
    assert outcome.lane(len(_CHAINS) + 1, "phone") == "deny"


def test_loop_without_an_honest_cause_is_found(road: Road) -> None:
    """TRG-2: from the workflows' own records, from what led to it, and from the parents in the books."""
    ring = [workflow("wf-3", start("wf-4")), workflow("wf-4", {"do": "notify"}, start("wf-3"))]
    fed = workflow("wf-5", start("wf-2"))
    records = [*ring, fed, champion("con-11")]
    first = road.run(
        world(*records),
        trigger("con-1", "wf-3"),
        trigger("con-1", "wf-5", causation={"depth": 1, "path": ["wf-2"]}),
        trigger("con-2", "wf-2", proposal_id="p-first"),
    )
    assert [first.lane(line) for line in (1, 2, 3)] == ["deny", "deny", "auto"]
    assert "gate_trigger__chain_loops" in first.gates(1) & first.gates(2)
    second = road.run(
        world(*records),
        trigger("con-11", "wf-2", proposal_id="p-second", causation={"parent": "p-first", "depth": 1}),
        trigger("con-11", "wf-1", proposal_id="p-third", causation={"parent": "p-second", "depth": 2}),
        trigger(
            "con-11",
            "wf-1",
            proposal_id="p-4",
            payload={"params": {"step": 1}},
            causation={"parent": "p-third", "depth": 0},
        ),
    )
    assert second.gates(1) == {"gate_trigger__chain_loops"}
    assert "gate_trigger__chain_too_deep" in second.gates(3)


def test_same_workflow_on_the_same_record_again_is_reviewed(road: Road) -> None:
    """TRG-2: with other words, an hour later, and through another workflow; the same words are no news."""
    records = [champion("con-11"), champion("con-12"), workflow("wf-3", start("wf-2"))]
    assert road.run(world(*records), trigger("con-11", "wf-2")).lane() == "auto"
    later = road.run(
        world(*records),
        trigger("con-11", "wf-2", proposal_id="p-2", payload={"params": {"again": True}, "effect": "notify"}),
        trigger("con-11", "wf-3", proposal_id="p-3"),
        trigger("con-11", "wf-2", proposal_id="p-4"),
        trigger("con-12", "wf-2", proposal_id="p-5"),
    )
    assert [later.lane(line) for line in range(1, 5)] == ["review", "review", "noop", "auto"]
    assert later.gates(1) == {"gate_trigger__started_again"}


_EFFECTS: list[tuple[list[dict[str, Any]], str]] = [
    ([{"do": "notify"}, {"do": "create_task"}], "auto"),
    ([sets("persona", "champion")], "auto"),
    ([sets("lifecycle_stage", "opportunity")], "review"),
    ([sets("owner", "u-1")], "review"),
    ([sets("hubspot_owner_id", "u-1")], "review"),
    ([sets("properties.dealstage", "negotiation", "deal")], "review"),
    ([{"do": "create_record", "object": "deal"}], "review"),
    ([{"do": "reboot"}], "deny"),
    ([sets("email", "x@y.example")], "deny"),
    ([sets("amount", 5, "deal")], "deny"),
    ([sets("vibe", 1)], "deny"),
    ([{"do": "create_record", "object": "user"}], "deny"),
    ([sets("do_not_contact", True)], "review"),
    ([start("wf-4"), {"do": "notify"}], "deny"),
]


def test_effect_is_judged_as_if_it_were_proposed(road: Road) -> None:
    """TRG-4, HIA-3: safe, sensitive, locked, unknown, created, and behind another workflow.

    An effect that nobody knows might write to people, so that it is for nobody without a persona.
    """
    hidden = workflow("wf-4", sets("E-mail", "x@y.example"))
    workflows = [
        workflow(f"wf-{number}", *effects, personas=[]) for number, (effects, _) in enumerate(_EFFECTS, start=10)
    ]
    people = [champion(f"con-{number}") for number in range(10, 10 + len(_EFFECTS))]
    starts = [trigger(person["id"], each["id"]) for person, each in zip(people, workflows, strict=True)]
    outcome = road.run(world(hidden, *workflows, *people), *starts)
    for line, (effects, lane) in enumerate(_EFFECTS, start=1):
        assert outcome.lane(line) == lane, effects


def test_effect_beyond_the_rights_of_the_actor_is_denied(road: Road) -> None:
    """TRG-4, FLD-7: who may only start sequences does not change a persona by way of a workflow."""
    actor = {"type": "ai_agent", "id": "agent-outbound-1", "model": "m"}
    records = [
        champion("con-11"),
        workflow("wf-3", sets("persona", "legal")),
        workflow("wf-4", sets("last_outbound_touch", "2026-03-01T09:00:00Z")),
    ]
    outcome = road.run(world(*records), trigger("con-11", "wf-3", actor=actor), trigger("con-11", "wf-4", actor=actor))
    assert outcome.gates(1) == {"gate_trigger__effect_not_allowed"}
    assert outcome.lane(2) == "auto"
