"""What a workflow that an agent may start does, and chains of them: gates, not a person, keep them in bounds."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.workflows import champion, sets, start, trigger, workflow, world
from wb_pipeline_tests.road.world import change, update


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
