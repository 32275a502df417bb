"""A gate that did not run, or did not see every change, approves nothing (law 1)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from wb_pipeline.policy.gates import GATES
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.road.harness import Outcome, Road
from wb_pipeline_tests.road.world import WORLD, create_contact, title_update

_TABLES = ("main.gate_attestations", "checks.expectation_attestations")
# From the attestations on; the gates themselves stand.
_FROM_HERE = ["int_gates_attested", "int_changes_ranked", "int_changes_repeated", "int_changes_decided"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, road_project: SqlProject) -> Iterator[tuple[Road, str]]:
    """Decide two proposals that pass, of which one is a replay; return the road and the run's id."""
    road = Road(tmp_path_factory.mktemp("attested"), road_project)
    run_id = road.begin(WORLD, road.write_batch([title_update("p-1"), create_contact("p-2"), title_update("p-1")]))
    road.decide(run_id)
    assert {row["lane"] for row in road.decided().decisions} == {"auto", "noop"}
    yield road, run_id
    road.con.close()


@pytest.fixture
def tampered(judged: tuple[Road, str]) -> Iterator[Road]:
    """Return the road; what is done to the attestations is undone."""
    road = judged[0]
    for number, table in enumerate(_TABLES):
        road.con.execute(f"create or replace temp table kept_{number} as from {table}")
    yield road
    for number, table in enumerate(_TABLES):
        road.con.execute(f"delete from {table}; insert into {table} from kept_{number}")


def _decided(road: Road, run_id: str) -> Outcome:
    road.build(run_id, _FROM_HERE)
    return road.decided()


@pytest.mark.parametrize("gate", [rule.gate for rule in GATES])
def test_gate_that_did_not_run_denies(gate: str, judged: tuple[Road, str], tampered: Road) -> None:
    """EXC-3, FLD-1: without one gate's attestation everything is denied, and says which gate is missing."""
    deleted = [tampered.rows(f"delete from {table} where gate = '{gate}' returning gate") for table in _TABLES]
    assert sorted(map(len, deleted)) == [0, 1]
    outcome = _decided(tampered, judged[1])
    for row in outcome.decisions:
        assert row["lane"] in ("deny", "noop") if row["line_number"] == 3 else row["lane"] == "deny"
        assert json.loads(row["reason_codes"]) == ["gate_did_not_run"]
        assert json.loads(row["objections"])[0]["details"] == {"gates": [gate]}


@pytest.mark.parametrize(
    "lie",
    [
        "update {table} set changes_seen = changes_seen - 1",
        "update {table} set changes_digest = '0'",
        "update {table} set objections = objections + 1",
        "update {table} set run_id = 'another run'",
        "update {table} set manifest_id = 'another manifest'",
        "insert into {table} from {table}",
    ],
)
def test_attestation_that_does_not_fit_denies(lie: str, judged: tuple[Road, str], tampered: Road) -> None:
    """EXC-3: one that saw other changes, another run or other objections, or that is there twice, attests nothing."""
    tampered.con.execute(lie.format(table=_TABLES[0]))
    assert not {row["lane"] for row in _decided(tampered, judged[1]).decisions} & {"auto", "suggest", "review"}


def test_gate_that_is_off_attests_nothing(judged: tuple[Road, str], tampered: Road) -> None:
    """What the policy does not ask, nobody has to answer."""
    gate = "gate_overwrite__seen_value_missing"
    tampered.con.execute("create or replace temp table kept_gates as from policy.gates")
    tampered.con.execute("update policy.gates set verdict = 'off' where gate = ?", [gate])
    tampered.con.execute("delete from main.gate_attestations where gate = ?", [gate])
    try:
        assert _decided(tampered, judged[1]).lane() == "auto"
    finally:
        tampered.con.execute("delete from policy.gates; insert into policy.gates from kept_gates")
