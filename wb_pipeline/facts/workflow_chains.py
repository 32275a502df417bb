"""Does a chain of causes come back to itself, and how deep is it (TRG-2)? Pure; judges nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.facts.workflow_effects import MAX_EFFECTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from wb_pipeline.facts.workflow_effects import Workflow

MOST_STEPS = 50
"""So many steps are followed back; a chain that is longer is deeper than any policy allows."""
MOST_WORKFLOWS = 200


@dataclass(frozen=True, slots=True)
class Cause:
    """What a proposal says led to it, and the workflow that it starts (None = it starts none)."""

    root: str | None = None
    parent: str | None = None
    depth: int | None = None
    path: tuple[str, ...] = ()
    starts: str | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """What is true of a chain: its depth, why it is a loop (None = it is none), and whether its depth is a lie."""

    depth: int
    loop: str | None
    is_depth_false: bool


def chain_of(proposal_id: str, cause: Cause, earlier: Mapping[str, Cause], workflows: Mapping[str, Workflow]) -> Chain:
    """Return the chain of a proposal. `earlier`: what other proposals say, by their ids; they may be its ancestors.

    The chain is what it states and what its ancestors state; a lie in one place is found in another.
    """
    ancestors, is_ring = _ancestors(proposal_id, cause, earlier)
    depth = max(_known_depth(cause), *(step + _known_depth(each) for step, each in enumerate(ancestors, 1)), 0)
    is_false = cause.depth is not None and cause.depth < max(len(cause.path), len(ancestors))
    return Chain(depth, "parents_in_a_ring" if is_ring else _loop(cause, ancestors, workflows), is_false)


def _loop(cause: Cause, ancestors: Sequence[Cause], workflows: Mapping[str, Workflow]) -> str | None:
    if len({*cause.path}) < len(cause.path):
        return "path_repeats"
    led_to_it = {*cause.path, *(each.starts for each in ancestors if each.starts)}
    if cause.starts and cause.starts in {*led_to_it, cause.root, cause.parent}:
        return "started_by_itself"
    reached, comes_back = reachable(cause.starts, workflows)
    if comes_back:
        return "workflows_in_a_ring"
    return "starts_what_led_to_it" if reached & led_to_it else None


def _known_depth(cause: Cause) -> int:
    return max(cause.depth or 0, len(cause.path))


def _ancestors(proposal_id: str, cause: Cause, earlier: Mapping[str, Cause]) -> tuple[list[Cause], bool]:
    """Return the causes before a proposal, nearest first, and whether one of them is the proposal itself."""
    found: list[Cause] = []
    seen, parent = {proposal_id}, cause.parent
    while parent is not None and len(found) < MOST_STEPS:
        if parent in seen:
            return found, True
        if (before := earlier.get(parent)) is None:
            break
        seen.add(parent)
        found.append(before)
        parent = before.parent
    return found, False


def reachable(workflow_id: str | None, workflows: Mapping[str, Workflow]) -> tuple[set[str], bool]:
    """Return the workflows that one starts in turn, and whether any of them starts one that led to it."""
    if workflow_id is None:
        return set(), False
    reached: set[str] = set()
    finished: set[str] = set()
    on_the_way: dict[str, Iterator[str]] = {workflow_id: iter(started_by(workflows.get(workflow_id)))}
    comes_back = False
    while on_the_way and len(reached) < MOST_WORKFLOWS:
        current = next(reversed(on_the_way))
        following = next(on_the_way[current], None)
        if following is None:
            finished.add(current)
            del on_the_way[current]
        else:
            reached.add(following)
            comes_back = comes_back or following in on_the_way
            if following not in on_the_way and following not in finished:
                on_the_way[following] = iter(started_by(workflows.get(following)))
    return reached, comes_back


def started_by(workflow: Workflow | None) -> list[str]:
    """Return the ids of the workflows that a workflow's record says it starts."""
    effects = workflow.effects if workflow and isinstance(workflow.effects, list) else []
    given = [each for each in effects[:MAX_EFFECTS] if isinstance(each, dict) and each.get("do") == "start_workflow"]
    ids = [each.get("workflow_id", each.get("workflow")) for each in given]
    return [each for each in ids if isinstance(each, str)]
