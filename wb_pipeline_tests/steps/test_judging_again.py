"""Sealed batches judged again: the same by their own policy, otherwise by another one, and nothing is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from wb_pipeline.canonical import file_hash
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import Policy, load_policy, parse_policy
from wb_pipeline.review.rejudging import rejudge
from wb_pipeline.sql_project import SqlProject
from wb_pipeline.steps import backtest as backtest_module
from wb_pipeline.steps.backtest import backtest
from wb_pipeline.steps.intake import register_policy
from wb_pipeline.steps.judging_again import JudgedAgain, judge_again, latest_batches
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import decided, desk_at

BATCHES = 3


def stricter_text() -> str:
    """Return the policy that ships, but for one number."""
    return default_policy_file().read_text("utf-8").replace("auto_from: 80 ", "auto_from: 95 ")


def fingerprints(home: Home) -> dict[str, str]:
    """Return the hash of each file of a home; SQLite's shared memory is no content."""
    files = [path for path in home.root.rglob("*") if path.is_file() and path.suffix != ".sqlite-shm"]
    return {str(path.relative_to(home.root)): file_hash(path) for path in files if not path.name.endswith("-shm")}


@pytest.fixture(scope="module")
def judge(demo_home: Home, project: SqlProject) -> Callable[[Policy], list[JudgedAgain]]:
    """Return a function that judges the demo's last run again; it sees to it that no file changes."""

    def again(policy: Policy) -> list[JudgedAgain]:
        ledger = Ledger.open(demo_home)
        before = fingerprints(demo_home)
        judged = judge_again(demo_home, ledger, project, policy, latest_batches(ledger, BATCHES))
        assert fingerprints(demo_home) == before
        return judged

    return again


@pytest.fixture(scope="module")
def project() -> SqlProject:
    """Return the SQL project of the repository."""
    from wb_pipeline.paths import sql_project_folder  # noqa: PLC0415 - only here

    return SqlProject.load(sql_project_folder())


@pytest.fixture(scope="module")
def by_stricter(judge: Callable[[Policy], list[JudgedAgain]]) -> list[JudgedAgain]:
    """The demo's last run, judged by a policy that asks for more confidence."""
    return judge(parse_policy(stricter_text(), "stricter.yaml"))


def test_same_policy_judges_alike(judge: Callable[[Policy], list[JudgedAgain]]) -> None:
    """OPS-2, law 4: a run is a pure function of its manifest: every lane and every objection again."""
    judged = judge(load_policy(default_policy_file()))
    assert len(judged) > BATCHES * 5
    assert [each for each in judged if each.before != each.after] == []


def test_other_policy_flips_what_it_is_about(by_stricter: list[JudgedAgain]) -> None:
    """OPS-3: more confidence asked for: fewer pass by themselves, each for that reason; none passes that did not."""
    flipped = [each for each in by_stricter if each.before.lane == "auto" != each.after.lane]
    assert len(flipped) >= 3
    for each in flipped:
        assert any(gate.startswith("gate_confidence__") for gate, _, _ in each.after.objections)
    assert [each for each in by_stricter if each.after.lane == "auto" != each.before.lane] == []


def given(judged: list[JudgedAgain], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a back-test find what was judged before: judging itself is tested above."""
    monkeypatch.setattr(backtest_module, "judge_again", lambda *_: judged)


def test_backtest_lists_flips_with_what_people_did_then(
    by_stricter: list[JudgedAgain], demo_copy: Home, project: SqlProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPS-3: each change that would end otherwise, its gates, and the decision of whoever decided."""
    given([*by_stricter], monkeypatch)
    ledger = Ledger.open(demo_copy)
    desk = desk_at(demo_copy, ledger)
    keys = {each.batch_key for each in by_stricter}
    item = next(item for item in desk.items() if item.batch_key in keys and item.action == "update")
    assert decided(desk, item, "reject", by="u-ops-1").is_done
    other = [each if each.change_id != item.item_id else _denied(each) for each in by_stricter]
    given(other, monkeypatch)
    policy = parse_policy(stricter_text(), "stricter.yaml")
    found = backtest(demo_copy, ledger, project, policy, keys)
    assert found.judged == len(by_stricter)
    assert sum(found.counts.values()) == len(found.flips)
    (flip,) = [each for each in found.flips if each.change_id == item.item_id]
    assert (flip.was, flip.would_be, flip.then) == (item.fields[0].lane, "deny", "rejected by u-ops-1: wrong_value")
    assert {each.change_id for each in found.flips} == {e.change_id for e in other if e.before.lane != e.after.lane}
    with pytest.raises(InputError, match="not decided"):
        backtest(demo_copy, ledger, project, policy, ["f" * 64])


def _denied(each: JudgedAgain) -> JudgedAgain:
    from dataclasses import replace  # noqa: PLC0415 - only here

    return replace(each, after=replace(each.after, lane="deny"))


def test_command_prints_flips(
    by_stricter: list[JudgedAgain],
    demo_home: Home,
    tmp_path: Path,
    wb: Callable[..., CommandRun],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """OPS-3: as a table and as CSV; a file that is no policy is refused with its mistakes."""
    given(by_stricter, monkeypatch)
    path = tmp_path / "new.yaml"
    path.write_text(stricter_text(), "utf-8")
    table = wb("policy", "backtest", path, "--batches", "all", "--home", demo_home.root)
    assert table.exit_code == 0, table.err
    assert "would end otherwise" in table.out
    assert "new: confidence__" in table.out
    printed = wb("policy", "backtest", path, "--batches", str(BATCHES), "--format", "csv", "--home", demo_home.root)
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    assert [row["change_id"] for row in rows] == [e.change_id for e in by_stricter if e.before.lane != e.after.lane]
    assert wb("policy", "backtest", path, "--batches", "0", "--home", demo_home.root).exit_code != 0
    path.write_text("version: 1\n", "utf-8")
    assert wb("policy", "backtest", path, "--home", demo_home.root).exit_code == 3


def test_approvals_of_a_run_are_judged_again(by_stricter: list[JudgedAgain], demo_copy: Home, tmp_path: Path) -> None:
    """RVW-2: of what people approved, what the stricter policy judges as before stands; the rest is asked again."""
    ledger = Ledger.open(demo_copy)
    desk = desk_at(demo_copy, ledger)
    keys = {each.batch_key for each in by_stricter}
    mine = [item for item in desk.items() if item.batch_key in keys]
    for item in mine:
        decided(desk, item, "accept" if item.kind == "suggestion" else "approve")
    path = tmp_path / "policy.yaml"
    path.write_text(stricter_text(), "utf-8")
    policy_hash = register_policy(demo_copy, ledger, path)
    done = rejudge(demo_copy, ledger, lambda *_: by_stricter, lambda: CLOCK)
    assert done.policy_hash == policy_hash
    assert done.returned
    changed = {each.change_id for each in by_stricter if each.before != each.after}
    states = {item.item_id: desk.item(item.item_id).state for item in mine}
    assert {item_id for item_id, state in states.items() if state == "returned"} >= changed & set(states)
    assert set(done.standing) & changed == set()
