"""An empty table, whichever it is, makes decisions stricter or none at all, never more permissive (law 1, FLD-1)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.errors import WbError
from wb_pipeline.expectations.gates import judge_changes
from wb_pipeline.paths import sample_folder, sql_project_folder
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.road.harness import Road, World, models_made_from
from wb_pipeline_tests.road.world import Row, change, create_company, create_deal, proposal, update

_SAMPLE = sample_folder()
_BATCHES = [_SAMPLE / "batches" / f"2026-03-02-{name}.jsonl" for name in ("morning", "stray-agents")]
# What a lane lets happen: written, written beside, shown to a person, nothing. `noop` writes nothing either.
_LETS = {"auto": 3, "suggest": 2, "review": 1, "deny": 0, "quarantine": 0, "noop": 0}

_PROJECT = SqlProject.load(sql_project_folder())
_SOURCES = sorted({str(source.relation) for source in _PROJECT.sources.values()})
_READ_BY_SQL = [name for name in _SOURCES if models_made_from(_PROJECT, name) and not name.startswith("books.")]
# Before the facts are made these leave no trace elsewhere: what was never cited is not missed, and to an empty CRM
# everything is new.
_WITHOUT_A_TRACE = {"raw.proposal_citations", "raw.crm_records"}
_READ_BY_FACTS = [name for name in _SOURCES if name.startswith(("raw.", "policy.")) and name not in _WITHOUT_A_TRACE]
# Without ranks two sources disagree: the weaker is not denied then, both wait for a person (OVW-6).
# Without likeness both ids are in doubt: the stronger is held back itself, and the weaker waits beside it.
# Without what is known of the values that stand, or of what supports a wish, every update is held back, the stronger of
# two as well (OVW-2, EVD-7).
_ASK_A_PERSON = {
    "policy.source_precedence",
    "facts.identity_statements",
    "facts.likeness_decisions",
    "facts.standing_values",
    "facts.value_support",
}

# What the sample has not: each passes or fails by one table alone.
_MORE: list[Row] = [
    update("con-2", change("phone", "+14155550101", seen=None), proposal_id="x-1", evidence=[{"ref": "made-up"}]),
    create_company("x-2", "twin.example", evidence=[{"ref": "ev-503"}]),
    create_company("x-3", "twin.example", evidence=[{"ref": "ev-503"}]),
    create_company("x-4", "northwind.example", evidence=[{"ref": "ev-503"}]),
    update("con-2", change("company_id", "com-none", seen="com-1"), proposal_id="x-5"),
    create_deal("x-6", company_id="com-none"),
    create_deal("x-7", amount=1, currency="SEK"),
    proposal("x-8", "create", "lead", payload={"last_name": "No Email"}, evidence=[{"ref": "ev-802"}]),
    proposal("x-9", "merge", "contact", payload={"survivor": "con-1", "loser": "con-none"}),
]


@dataclass(frozen=True)
class Base:
    """A run of the sample up to its decisions: its warehouse, closed, its id and its {change_id: lane}."""

    warehouse: Path
    run_id: str
    lanes: dict[str, str]


def _rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, road_project: SqlProject) -> Base:
    """Decide the sample once; every test empties a table in a copy."""
    folder = tmp_path_factory.mktemp("law-one")
    road = Road(folder, road_project, folder / "base.duckdb")
    world = World(_rows(_SAMPLE / "crm"), _rows(_SAMPLE / "evidence"))
    run_id = road.begin(world, road.write_batch(_MORE), *_BATCHES)
    road.decide(run_id)
    lanes = _lanes(road)
    road.con.close()
    return Base(folder / "base.duckdb", run_id, lanes)


@pytest.fixture
def again(base: Base, tmp_path: Path, road_project: SqlProject) -> Iterator[Road]:
    """Return a road on a copy of that warehouse."""
    shutil.copy(base.warehouse, tmp_path / "copy.duckdb")
    road = Road(tmp_path, road_project, tmp_path / "copy.duckdb")
    yield road
    road.con.close()


def _lanes(road: Road) -> dict[str, str]:
    # The action row of an update writes nothing by itself.
    return {
        row["change_id"]: row["lane"]
        for row in road.decided().decisions
        if not (row["is_action_row"] and row["effective_action"] == "update")
    }


def _lanes_after(road: Road, walk: Callable[[], None]) -> dict[str, str]:
    """Return the lanes after the rest of the road; none where the run stops on the way (EXC-3)."""
    try:
        walk()
    except WbError:
        return {}
    return _lanes(road)


def _freer(emptied: str, before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return the changes that may do more than before."""
    lets = {**_LETS, "review": 0} if emptied in _ASK_A_PERSON else _LETS
    found = {change_id: (before.get(change_id, "noop"), lane) for change_id, lane in after.items()}
    return {change_id: lanes for change_id, lanes in found.items() if lets[lanes[1]] > lets[lanes[0]]}


@pytest.mark.parametrize(
    "table",
    [
        "policy.fields",
        "policy.actions",
        "policy.settings",
        "policy.gates",
        "policy.actors",
        "policy.actor_rights",
        "policy.source_rights",
        "policy.evidence_requirements",
        "facts.field_names",
        "facts.value_facts",
        "checks.expectation_attestations",
        "main.gate_attestations",
    ],
)
def test_nothing_passes_without(table: str, base: Base, again: Road) -> None:
    """FLD-1, EVD-1: an empty policy grants nothing; without the facts that every change needs nothing is written."""
    again.con.execute(f"delete from {table}")
    lanes = _lanes_after(again, lambda: _walk_from(table, base, again))
    assert not set(lanes.values()) & {"auto", "suggest"}, table


def _walk_from(table: str, base: Base, road: Road) -> None:
    """Walk the rest of the road from the SQL on that reads a table."""
    wanted = models_made_from(_PROJECT, table)
    road.build(base.run_id, [name for name in wanted if name in road.before_judging])
    if "int_changes_with_context" in wanted:
        judge_changes(road.con, base.run_id)
    road.build(base.run_id, [name for name in wanted if name in road.after_judging])


@pytest.mark.parametrize("table", _READ_BY_SQL)
def test_empty_table_frees_nothing(table: str, base: Base, again: Road) -> None:
    """Law 1, FLD-1: the table is emptied after the facts (or the judging) and before the SQL that reads it."""
    again.con.execute(f"delete from {table}")
    assert _freer(table, base.lanes, _lanes_after(again, lambda: _walk_from(table, base, again))) == {}


@pytest.mark.parametrize("table", _READ_BY_FACTS)
def test_table_that_is_empty_before_the_facts_frees_nothing(table: str, base: Base, again: Road) -> None:
    """Law 1, FLD-1: the same where Python reads it: the facts are made without it."""
    again.con.execute(f"delete from {table}")
    assert _freer(table, base.lanes, _lanes_after(again, lambda: again.decide(base.run_id))) == {}
