"""Policies that an earlier release kept: read as they were, and what that release did not know is strict (OPS-6)."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from wb_pipeline.errors import PolicyError
from wb_pipeline.home import Home
from wb_pipeline.policy.gates import RULES
from wb_pipeline.policy.later_keys import completed
from wb_pipeline.policy.load import Policy, load_policy
from wb_pipeline.policy.store import read_policy
from wb_pipeline.policy.tables import policy_tables
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.road import harness
from wb_pipeline_tests.road.conftest import road_project
from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import WORLD, log, title_update

FROZEN = sorted((Path(__file__).parent / "kept").glob("*.yaml"))
LATER_GATE = "gate_activity__named_record_unrelated"

__all__ = ["road_project"]

each_frozen = pytest.mark.parametrize("frozen", FROZEN, ids=lambda path: path.stem)


def keep(home: Home, frozen: Path) -> str:
    """Put a file among the kept policies, as the release of its day did; return its hash."""
    policy_hash = hashlib.sha256(frozen.read_bytes()).hexdigest()
    home.policies.mkdir(parents=True, exist_ok=True)
    shutil.copy(frozen, home.policies / f"{policy_hash}.yaml")
    return policy_hash


def kept(home: Home, frozen: Path) -> Policy:
    """Return a frozen file as the books give it."""
    return read_policy(home, keep(home, frozen))


@each_frozen
def test_policy_of_an_earlier_release_is_read(frozen: Path, home: Home) -> None:
    """OPS-6, law 1: each gate has a verdict; one that came later has the strictest that it may have."""
    policy = kept(home, frozen)
    assert set(policy.document.gates) == set(RULES)
    assert policy.document.gates[LATER_GATE] == "deny" != RULES[LATER_GATE].default
    assert policy_tables(policy)["gates"].num_rows == len(RULES)


@each_frozen
def test_new_file_has_to_state_everything(frozen: Path) -> None:
    """OPS-6, FLD-1: the same text as a new policy is refused with what it lacks."""
    with pytest.raises(PolicyError, match="second_approver: the key is missing"):
        load_policy(frozen)


def test_what_a_kept_policy_says_stays() -> None:
    """OPS-6: a later key fills a gap, also in a section that is missing, and overrules nothing."""
    later = {("limits", "new_days"): 1, ("limits", "old_days"): 2, ("brand", "new"): ["x"], ("version", "of"): 3}
    gates = dict.fromkeys(RULES, "off")
    values = {"version": 1, "limits": {"old_days": 9}, "gates": gates}
    made = completed(values, later)
    assert made == {**values, "limits": {"old_days": 9, "new_days": 1}, "brand": {"new": ["x"]}}
    assert values["limits"] == {"old_days": 9}


@pytest.mark.parametrize("values", [None, [], "text", {}, {"gates": ["a list"]}])
def test_values_of_another_shape_are_left_to_the_check(values: object) -> None:
    """OPS-6: nothing is made up for what is no policy."""
    assert completed(values) == values


def test_home_of_an_earlier_release_still_runs(
    tmp_path: Path, road_project: SqlProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPS-6, law 1: a batch of the old policy is judged by it, its later gate at its strictest; new ones by the new."""
    road = Road(tmp_path, road_project)
    stranger = log("note", "p-2", company_id="com-2", body="Asked for a quote.")
    with monkeypatch.context() as earlier:
        old_hash = keep(road.home, FROZEN[-1])
        earlier.setattr(harness, "register_policy", lambda *_: old_hash)
        outcome = road.run(WORLD, title_update(), stranger)
    assert {row["policy_hash"] for row in outcome.decisions} == {old_hash}
    assert (outcome.lane(1, "title"), outcome.lane(2)) == ("auto", "deny")
    assert LATER_GATE in outcome.gates(2)
    outcome = road.run(WORLD, title_update("p-3", "CIO"), {**stranger, "proposal_id": "p-4"})
    assert old_hash not in {row["policy_hash"] for row in outcome.decisions}
    assert outcome.lane(2) == "review"
    road.con.close()
