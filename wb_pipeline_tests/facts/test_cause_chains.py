"""Chains of causes: how deep, and whether they come back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.cause_chains import write_cause_chains
from wb_pipeline.facts.workflow_chains import MOST_STEPS, Cause, chain_of, reachable
from wb_pipeline.facts.workflow_effects import Workflow
from wb_pipeline_tests.facts.factories import World


def starting(*ids: str) -> Workflow:
    """Return a workflow that starts others."""
    return Workflow("active", [{"do": "start_workflow", "workflow_id": each} for each in ids])


_RING = {"a": starting("b"), "b": starting("c"), "c": starting("a")}
_DIAMOND = {
    "a": starting("b", "c"),
    "b": starting("d"),
    "c": starting("d"),
    "d": Workflow("active", [{"do": "notify"}]),
}


@pytest.mark.parametrize(
    ("workflows", "start", "reached", "comes_back"),
    [
        (_RING, "a", {"a", "b", "c"}, True),
        (_DIAMOND, "a", {"b", "c", "d"}, False),
        ({"a": starting("a")}, "a", {"a"}, True),
        ({"x": starting("a"), **_RING}, "x", {"a", "b", "c"}, True),
        ({}, "a", set(), False),
        ({"a": Workflow("active", "start_workflow")}, "a", set(), False),
    ],
)
def test_ring_of_workflows_is_found(
    workflows: dict[str, Workflow], start: str, reached: set[str], *, comes_back: bool
) -> None:
    """TRG-2: from the definitions; two ways to one workflow are no ring."""
    assert reachable(start, workflows) == (reached, comes_back)


@pytest.mark.parametrize(
    ("cause", "loop", "depth", "is_false"),
    [
        (Cause(), None, 0, False),
        (Cause(depth=2, path=("x", "y")), None, 2, False),
        (Cause(path=("x", "y", "x")), "path_repeats", 3, False),
        (Cause(depth=1, path=("x", "y")), None, 2, True),
        (Cause(path=("d",), starts="d"), "started_by_itself", 1, False),
        (Cause(root="d", starts="d"), "started_by_itself", 0, False),
        (Cause(parent="d", starts="d"), "started_by_itself", 0, False),
        (Cause(path=("d",), starts="a"), "starts_what_led_to_it", 1, False),
        (Cause(parent="me"), "parents_in_a_ring", 0, False),
        (Cause(parent="p-1", depth=2), None, 2, False),
        (Cause(parent="p-1", depth=1), None, 2, True),
        (Cause(parent="p-1", depth=2, starts="d"), "started_by_itself", 2, False),
    ],
)
def test_chain_is_what_all_accounts_say(cause: Cause, loop: str | None, depth: int, *, is_false: bool) -> None:
    """TRG-2: its own path, its parents, and what the workflows would start."""
    earlier = {"p-1": Cause(parent="p-0", depth=0, starts="d"), "p-0": Cause(parent="ev-1")}
    chain = chain_of("me", cause, earlier, _DIAMOND)
    assert (chain.loop, chain.depth, chain.is_depth_false) == (loop, depth, is_false)


def test_long_line_of_parents_ends() -> None:
    """CON-7, TRG-2: a thousand parents are deeper than any policy allows, and are not all followed."""
    earlier = {f"p-{number}": Cause(parent=f"p-{number + 1}") for number in range(1_000)}
    assert chain_of("me", Cause(parent="p-0"), earlier, {}).depth == MOST_STEPS


@settings(max_examples=100, deadline=None)
@given(starts=st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefx"), max_size=4), max_size=6))
def test_ring_is_found_in_any_graph(starts: dict[str, list[str]]) -> None:
    """TRG-2: there is a ring exactly where some workflow that is reached reaches itself."""
    workflows = {name: starting(*targets) for name, targets in starts.items()}
    reached, comes_back = reachable("a", workflows)
    assert comes_back is any(name in reachable(name, workflows)[0] for name in {"a", *reached})


def chains(world: World) -> list[tuple[Any, ...]]:
    """Return (depth, loop, is_depth_false) in the order of the proposals."""
    world.run(write_cause_chains)
    return world.rows("select depth, loop, is_depth_false from facts.cause_chains order by proposal_key")


def test_parents_are_found_in_the_run_and_in_the_books() -> None:
    """TRG-2: a chain through three batches, of which each states only its parent."""
    world = World()
    world.record("workflow", "wf-1", effects=[{"do": "notify"}])
    world.decided(
        proposal_id="p-0",
        action="trigger",
        new_value=canonical_json({"workflow_id": "wf-1"}),
        causation=canonical_json({"parent": "ev-1", "depth": 1, "path": None, "root": None}),
    )
    world.proposal("update", proposal_id="p-1", causation={"parent": "p-0"})
    world.proposal("trigger", payload={"workflow_id": " wf-1 "}, causation={"parent": "p-1", "depth": 3})
    world.proposal("update")
    assert chains(world) == [(2, None, False), (3, "started_by_itself", False), (0, None, False)]


def test_later_decisions_are_no_parents() -> None:
    """OPS-2: what lies behind the manifest's place in the ledger does not exist."""
    world = World()
    world.decided(
        sealed_sequence=101, proposal_id="p-0", action="trigger", new_value=canonical_json({"workflow_id": "w"})
    )
    world.proposal("trigger", payload={"workflow_id": "w"}, causation={"parent": "p-0"})
    assert chains(world) == [(0, None, False)]
