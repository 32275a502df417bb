"""What a trigger would do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.facts.trigger_effects import write_trigger_effects
from wb_pipeline.facts.workflow_effects import MAX_DEPTH, MAX_EFFECTS, UNKNOWN, Effect, Workflow, effects_of_workflow
from wb_pipeline_tests.facts.factories import World

STAGE = {"do": "set_field", "object": "deal", "field": "stage", "value": "won"}


def effects(world: World, key: str) -> list[tuple[Any, ...]]:
    """Return (effect, object, field, value) in order."""
    world.run(write_trigger_effects)
    return world.con.execute(
        "select effect, object, field, value from facts.trigger_effects where proposal_key = ? order by effect_ordinal",
        [key],
    ).fetchall()


def test_trigger_has_its_workflows_effects_transitively() -> None:
    """TRG-4, HIA-3: a workflow that starts a workflow that sets a stage is a stage change."""
    world = World()
    start = {"do": "start_workflow", "workflow_id": "w-2"}
    world.record("workflow", "w-1", status="active", effects=[{"do": "notify"}, start])
    world.record("workflow", "w-2", status="disabled", effects=[STAGE, {"do": "start_workflow", "workflow_id": "w-1"}])
    key = world.proposal("trigger", payload={"workflow_id": "w-1"})
    assert effects(world, key) == [("notify", "contact", None, None), ("set_field", "deal", "stage", '"won"')]
    assert world.rows("select distinct is_workflow_found, workflow_status from facts.trigger_effects") == [
        (True, "active")
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"effects": []},
        {"effects": "set_field"},
        {"effects": {"do": "notify"}},
        {"effects": ["notify"]},
        {"effects": [{"do": "format_disk"}]},
        {"effects": [{"do": "set_field", "value": 1}]},
        {"effects": [{"do": "start_workflow", "workflow_id": "w-9"}]},
        {"effects": [{"do": "start_workflow", "workflow_id": "w-1"}]},
        {"effects": [{"do": "start_workflow"}]},
    ],
)
def test_trigger_has_an_unknown_effect_when_its_workflow_does_not_say(fields: dict[str, Any]) -> None:
    """TRG-4: what cannot be read is unknown, never harmless."""
    world = World()
    world.record("workflow", "w-1", status="active", **fields)
    assert [row[0] for row in effects(world, world.proposal("trigger", payload={"workflow_id": "w-1"}))] == ["unknown"]


@pytest.mark.parametrize("payload", [{}, {"workflow_id": "w-9"}, {"workflow_id": None}, {"workflow_id": {"id": "w-1"}}])
def test_trigger_without_a_known_workflow_is_unknown(payload: dict[str, Any]) -> None:
    """TRG-4: every trigger has at least one row."""
    world = World()
    world.record("workflow", "w-1", effects=[{"do": "notify"}])
    assert effects(world, world.proposal("trigger", payload=payload)) == [("unknown", "contact", None, None)]
    assert world.rows("select is_workflow_found from facts.trigger_effects") == [(False,)]


def test_stated_effect_counts_beside_the_workflows() -> None:
    """TRG-4: what the proposal itself says it does is judged as well."""
    world = World()
    world.record("workflow", "w-1", effects=[{"do": "notify"}])
    params = {"object": "Deal", "field": " Stage ", "value": "won"}
    payload = {"workflow_id": "w-1", "effect": "set_field", "params": params}
    assert effects(world, world.proposal("trigger", payload=payload)) == [
        ("set_field", "deal", "stage", '"won"'),
        ("notify", "contact", None, None),
    ]


def test_effect_on_an_unknown_field_keeps_the_name_as_given() -> None:
    """CON-5: a field that nobody knows stays ungrantable instead of vanishing."""
    world = World()
    world.record("workflow", "w-1", effects=[{"do": "set_field", "field": "no such", "value": 1}])
    assert effects(world, world.proposal("trigger", payload={"workflow_id": "w-1"})) == [
        ("set_field", "contact", "no such", "1")
    ]


@pytest.mark.parametrize(("length", "expected"), [(MAX_DEPTH + 1, [Effect("notify")]), (MAX_DEPTH + 2, [UNKNOWN])])
def test_chain_is_followed_to_a_limited_depth(length: int, expected: list[Effect]) -> None:
    """TRG-4, TRG-2: deeper than ten starts is unknown."""
    chain = {str(i): Workflow(None, [{"do": "start_workflow", "workflow_id": str(i + 1)}]) for i in range(length - 1)}
    chain[str(length - 1)] = Workflow(None, [{"do": "notify"}])
    assert effects_of_workflow("0", chain) == expected


@pytest.mark.parametrize(
    "effects_given",
    [
        [{"do": "set_field", "field": f"f{i}"} for i in range(MAX_EFFECTS + 5)],
        [{"do": "notify"}, *({"do": "start_workflow", "workflow_id": "w-1"} for _ in range(MAX_EFFECTS + 5)), STAGE],
    ],
)
def test_more_effects_than_are_read_end_in_unknown(effects_given: list[Any]) -> None:
    """CON-7, TRG-4: a cut list is never taken for a whole one."""
    found = effects_of_workflow("w-1", {"w-1": Workflow(None, effects_given)})
    assert UNKNOWN in found
    assert len(found) <= MAX_EFFECTS + 1


@settings(max_examples=100, deadline=None)
@given(starts=st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefx"), max_size=4), max_size=6))
def test_effects_end_for_any_graph_of_workflows(starts: dict[str, list[str]]) -> None:
    """TRG-2: rings end; a workflow that leads to a missing one is unknown in part."""
    workflows = {
        name: Workflow(None, [{"do": "notify"}, *({"do": "start_workflow", "workflow_id": to} for to in targets)])
        for name, targets in starts.items()
    }
    found = effects_of_workflow("a", workflows)
    reached, waiting = set(), ["a"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(starts.get(name, []))
    assert (UNKNOWN in found) is (not reached <= set(starts))
