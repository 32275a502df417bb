"""What a trigger starts, and for whom."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.match_candidates import write_match_candidates
from wb_pipeline.facts.opt_outs import write_opt_outs
from wb_pipeline.facts.person_standing import write_person_standing
from wb_pipeline.facts.prepared_records import write_prepared_records
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline.facts.trigger_effects import write_trigger_effects
from wb_pipeline.facts.trigger_standing import write_trigger_standing
from wb_pipeline.facts.workflow_effects import MAX_EFFECTS, Workflow, writes_to_people
from wb_pipeline_tests.facts.factories import World, no_likeness

MAIL = {"do": "enroll_sequence"}


def judged(world: World, query: str) -> list[tuple[Any, ...]]:
    """Run the writers and return what a query finds."""
    world.run(
        write_field_names,
        write_prepared_records,
        write_proposal_keys,
        no_likeness,
        write_match_candidates,
        write_trigger_effects,
        write_opt_outs,
        write_person_standing,
        write_trigger_standing,
    )
    return world.rows(query)


def the_world() -> World:
    """Return a contact, a deal of theirs, a sequence and a workflow that starts it."""
    world = World()
    world.record(
        "contact", "con-1", email="a@x.example", persona=" Champion ", country="Deutschland", lifecycle_stage="Lead"
    )
    world.record("deal", "deal-1", stage="demo", primary_contact_id="con-1")
    world.record("workflow", "wf-1", status="Active", personas=["Champion"], effects=[MAIL], sends_email=True)
    world.record("workflow", "wf-2", status="active", effects=[{"do": "start_workflow", "workflow_id": "wf-1"}])
    return world


def test_trigger_has_every_workflow_that_it_starts() -> None:
    """TRG-1: the one that it names, and those behind it."""
    world = the_world()
    world.proposal("trigger", target_id="con-1", payload={"workflow_id": "wf-2"})
    assert judged(world, "select * exclude (manifest_id, proposal_key) from facts.trigger_workflows order by all") == [
        ("wf-1", False, "active", True, '["champion"]', False, False, None),
        ("wf-2", True, "active", False, "[]", False, False, None),
    ]


@pytest.mark.parametrize("workflow_id", ["wf-9", None, {"id": "wf-1"}])
def test_unknown_workflow_may_write_to_people(workflow_id: Any) -> None:
    """TRG-1: every trigger has a row; what nobody knows is no quiet workflow."""
    world = the_world()
    world.proposal("trigger", target_id="con-1", payload={"workflow_id": workflow_id})
    query = "select is_started_directly, workflow_status, is_sequence from facts.trigger_workflows"
    assert judged(world, query) == [(True, None, True)]


@pytest.mark.parametrize(
    ("workflow", "writes"),
    [
        (None, True),
        (Workflow("active", [{"do": "notify"}, {"do": " Create_Task "}, {"do": "start_workflow"}]), False),
        (Workflow("active", [{"do": "notify"}], (), sends_email=True), True),
        (Workflow("active", [{"do": "notify"}, MAIL]), True),
        (Workflow("active", [{"do": "send_sms"}]), True),
        (Workflow("active", ["notify"]), True),
        (Workflow("active", []), True),
        (Workflow("active", [{"do": "notify"}] * (MAX_EFFECTS + 1)), True),
    ],
)
def test_workflow_writes_to_people_unless_it_is_known_to_be_quiet(workflow: Workflow | None, *, writes: bool) -> None:
    """TRG-1, TRG-4: what cannot be read may write."""
    assert writes_to_people(workflow) is writes


def test_person_is_read_from_the_record_or_the_primary_contact() -> None:
    """TRG-1: persona, stage, country, basis and address; a company is nobody."""
    world = the_world()
    world.record("company", "com-1", name="X")
    for kind, target in (("contact", "con-1"), ("deal", "deal-1"), ("company", "com-1")):
        world.proposal("trigger", kind, target_id=target, payload={"workflow_id": "wf-1"})
    query = (
        "select persona, stage, country, has_lawful_basis, has_bounced from facts.trigger_persons order by proposal_key"
    )
    assert judged(world, query) == [
        ("champion", "lead", "DE", False, False),
        ("champion", "demo", "DE", False, False),
        (None, "none", "none", False, False),
    ]


@pytest.mark.parametrize(
    ("status", "is_enrolled"),
    [("active", True), ("Paused", True), (None, True), ("completed", False), ("Unenrolled", False)],
)
def test_enrolment_that_is_not_over_counts(status: str | None, *, is_enrolled: bool) -> None:
    """TRG-1: in whatever state that does not say that it is over."""
    world = the_world()
    world.record("enrollment", "enr-1", workflow_id="wf-1", contact_id="con-1", status=status)
    world.proposal("trigger", target_id="con-1", payload={"workflow_id": "wf-1"})
    assert judged(world, "select is_enrolled from facts.trigger_workflows") == [(is_enrolled,)]


def test_person_is_enrolled_by_any_record_and_mailbox() -> None:
    """TRG-1: through a deal, after a merge, and as a lead with the same mailbox."""
    world = the_world()
    world.record("contact", "con-2", email="b@x.example")
    world.record("contact", "con-3", email="c@x.example", merged_into="con-2", archived=True)
    world.record("contact", "con-4", email="D@x.example")
    world.record("lead", "lea-1", email="d+1@x.example")
    world.record("contact", "con-5", email="e@x.example")
    for number, person in enumerate(({"contact_id": "con-1"}, {"contact_id": "con-3"}, {"lead_id": "lea-1"})):
        world.record("enrollment", f"enr-{number}", workflow_id="wf-1", status="active", **person)
    targets = (("deal", "deal-1"), ("contact", "con-2"), ("contact", "con-4"), ("contact", "con-5"))
    for kind, target in targets:
        world.proposal("trigger", kind, target_id=target, payload={"workflow_id": "wf-1"})
    found = judged(world, "select is_enrolled from facts.trigger_workflows order by proposal_key")
    assert found == [(True,), (True,), (True,), (False,)]


def test_workflow_that_two_triggers_start_is_started_twice() -> None:
    """TRG-2: a sequence for one person, any workflow on one record; one trigger word for word is one."""
    world = the_world()
    world.record("workflow", "wf-3", status="active", effects=[{"do": "notify"}])
    world.record("contact", "con-2", email="b@x.example")
    sequence, quiet = {"workflow_id": "wf-1"}, {"workflow_id": "wf-3"}
    for kind, target, payload in (
        ("contact", "con-1", sequence),
        ("deal", "deal-1", sequence),
        ("contact", "con-2", sequence),
        ("contact", "con-2", sequence),
        ("contact", "con-1", quiet),
        ("deal", "deal-1", quiet),
        ("contact", "con-2", quiet),
        ("contact", "con-2", {**quiet, "params": {"note": "again"}}),
    ):
        world.proposal("trigger", kind, target_id=target, payload=payload)
    found = judged(world, "select is_started_twice from facts.trigger_workflows order by proposal_key")
    assert [twice for (twice,) in found] == [True, True, False, False, False, False, True, True]


@pytest.mark.parametrize(("effect", "is_sequence"), [("enroll_sequence", True), ("send_sms", True), ("notify", False)])
def test_trigger_that_says_it_writes_to_people_is_a_sequence(effect: str, *, is_sequence: bool) -> None:
    """TRG-1, TRG-4: whatever the workflow's record says."""
    world = the_world()
    world.record("workflow", "wf-3", status="active", effects=[{"do": "notify"}])
    world.proposal("trigger", target_id="con-1", payload={"workflow_id": "wf-3", "effect": effect})
    assert judged(world, "select is_sequence from facts.trigger_workflows") == [(is_sequence,)]


def test_earlier_start_is_found_behind_another_workflow() -> None:
    """TRG-2: approved or waiting; a denied one started nothing."""
    world = the_world()
    about = {"action": "trigger", "object": "contact", "record_id": "con-1", "decided_at": "2026-03-01 10:00:00"}
    for lane, workflow_id in (("auto", "wf-1"), ("deny", "wf-2")):
        world.decided(**about, lane=lane, new_value=canonical_json({"workflow_id": workflow_id}))
    world.proposal("trigger", target_id="con-1", payload={"workflow_id": "wf-2"})
    found = judged(world, "select workflow_id, last_started_at is not null from facts.trigger_workflows order by all")
    assert found == [("wf-1", True), ("wf-2", False)]


@pytest.mark.parametrize(
    ("effect", "clears"),
    [
        ({"field": "do_not_contact", "value": False}, True),
        ({"field": "hs_email_optout"}, True),
        ({"field": "do_not_contact", "value": True}, False),
        ({"field": "do_not_contact", "value": False, "object": "lead"}, True),
        ({"field": "title", "value": "x"}, False),
    ],
)
def test_effect_that_undoes_an_opt_out_is_seen(effect: dict[str, Any], *, clears: bool) -> None:
    """HIA-2, TRG-4: on the person, or on somebody whom the trigger does not name."""
    world = the_world()
    world.record("contact", "con-2", email="b@x.example", do_not_contact=True)
    world.record("workflow", "wf-3", effects=[{"do": "set_field", **effect}])
    world.proposal("trigger", target_id="con-2", payload={"workflow_id": "wf-3"})
    assert judged(world, "select clears_opt_out from facts.trigger_persons") == [(clears,)]
