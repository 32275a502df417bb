"""Runs labelled cases down the road, all bad ones together and all twins together, and says what became of each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.cases.pieces import SHARED
from wb_pipeline_tests.cases.read import Case, Laid, Side
from wb_pipeline_tests.road.harness import Road, World
from wb_pipeline_tests.road.world import policy_with

# Budgets count what one actor does in an hour: more cases than this in one batch would meet in them.
_MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Ended:
    """Where a case's own line ended: its most severe lane, the gates that object to any of it, and reason codes."""

    lane: str
    gates: frozenset[str]
    reasons: frozenset[str]


def run_cases(cases: Sequence[Case], side: Side, folder: Path, project: SqlProject) -> dict[str, Ended]:
    """Return {case: how it ended}; cases of one policy stand in one CRM."""
    ended: dict[str, Ended] = {}
    for number, group in enumerate(_groups(cases)):
        road = Road(folder / f"{side}-{number}", project)
        ended |= _run(road, group, side)
        road.con.close()
    return ended


def _groups(cases: Sequence[Case]) -> Iterator[list[Case]]:
    by_policy: dict[tuple[tuple[str, str], ...], list[Case]] = defaultdict(list)
    for case in cases:
        by_policy[case.policy].append(case)
    for alike in by_policy.values():
        # Together, because each batch that something came before costs a run more.
        alike.sort(key=lambda case: not (case.bad.earlier or case.twin.earlier))
        for start in range(0, len(alike), _MOST_AT_ONCE):
            yield alike[start : start + _MOST_AT_ONCE]


def world_of(laid: Sequence[Laid], policy: str = "") -> World:
    """Return the one CRM and evidence store in which these sides stand together."""
    crm = [*SHARED, *(row for each in laid for row in each.crm)]
    return World(crm, [item for each in laid for item in each.evidence], policy)


def _run(road: Road, cases: Sequence[Case], side: Side) -> dict[str, Ended]:
    laid: dict[str, Laid] = {case.name: getattr(case, side) for case in cases}
    policy = policy_with(*cases[0].policy) if cases[0].policy else ""
    world = world_of(list(laid.values()), policy)
    if earlier := [json.dumps(row) for each in laid.values() for row in each.earlier]:
        before = [*SHARED, *(row for each in laid.values() for row in each.crm_before)]
        _seal(road, World(before, world.evidence, policy), earlier)
    more = [json.dumps(row) for each in laid.values() for row in each.more]
    rows = _seal(road, world, [*(each.line for each in laid.values()), *more])
    lines: dict[int, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        lines[int(row["line_number"])].append(row)
    return {name: _ended(lines[number]) for number, name in enumerate(laid, start=1)}


def _seal(road: Road, world: World, lines: Iterable[str]) -> list[dict[str, str]]:
    path = road.write_batch([])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run_id = road.begin(world, path)
    road.decide(run_id)
    return list(road.seal(run_id).decisions)


def _ended(rows: Sequence[dict[str, str]]) -> Ended:
    gates = {each["gate"] for row in rows for each in json.loads(row["objections"])}
    reasons = {code for row in rows for code in json.loads(row["reason_codes"])}
    reasons |= {"repeated" if row["repeats_change_id"] else "already_so" for row in rows if row["lane"] == "noop"}
    return Ended(rows[0]["proposal_lane"], frozenset(gates), frozenset(reasons))
