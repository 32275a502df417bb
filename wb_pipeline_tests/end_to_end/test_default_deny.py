"""Laws 1, 2 and 6 on the whole road: whatever breaks, is left out or is taken away, nothing is approved by it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from wb_pipeline.assets import road as road_assets
from wb_pipeline.errors import GateBrokenError, OutcomeError
from wb_pipeline.home import Home
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject, TestOutcome
from wb_pipeline.steps.facts import write_facts
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.end_to_end.road import (
    CRM,
    EVIDENCE,
    FOLLOWUP,
    NOW,
    Road,
    event_kinds,
    gates_of,
    phone_update,
    published,
    write_batch,
)

SKIPPED_GATE = "gate_policy__field_locked"
BROKEN_GATE = """\
select
    changes.manifest_id,
    changes.proposal_id,
    changes.change_id,
    error('this gate is broken') as reason,
    '{}' as details
from {{ ref('int_changes_with_context') }} as changes
"""


@pytest.fixture
def broken_project(tmp_path: Path) -> Path:
    """The SQL project with one gate that DuckDB can plan and cannot run."""
    folder = Path(shutil.copytree(sql_project_folder(), tmp_path / "sql"))
    (folder / "models" / "gates" / f"{SKIPPED_GATE}.sql").write_text(BROKEN_GATE, encoding="utf-8")
    return folder


def sealed_count(home: Home) -> int:
    """Return how many batches are sealed."""
    return len(sealed_batches(Ledger.open(home)))


def test_run_stops_before_anything_is_approved_when_a_gate_errors(first_run_copy: Home, broken_project: Path) -> None:
    """EXC-3: a gate whose SQL fails ends the run with its name; nothing is sealed, published or queued."""
    with pytest.raises(GateBrokenError, match=f"{SKIPPED_GATE}.sql.*this gate is broken"):
        Road(first_run_copy, sql_folder=broken_project).run(FOLLOWUP)
    assert sealed_count(first_run_copy) == 2
    assert len(list((first_run_copy.published / "batches").iterdir())) == 2
    assert event_kinds(first_run_copy)[-1][0] == "manifest_committed"


def test_wb_run_says_which_gate_broke(
    first_run_copy: Home, broken_project: Path, wb: Callable[..., CommandRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    """EXC-3: the same from the command line: exit code 4, the gate's file and DuckDB's message, no traceback."""
    monkeypatch.setattr("wb_pipeline.resources.sql_project_folder", lambda: broken_project)
    done = wb("run", "--home", first_run_copy.root, "--crm", CRM, "--evidence", EVIDENCE, "--now", NOW,
              "--batch", FOLLOWUP)  # fmt: skip
    assert done.exit_code == 4
    assert f"models/gates/{SKIPPED_GATE}.sql" in done.err
    assert "this gate is broken" in done.err
    assert "Traceback" not in done.err
    assert sealed_count(first_run_copy) == 2


@pytest.fixture
def fresh_batch(tmp_path: Path) -> Path:
    """A batch whose one change passes every gate, as `test_fresh_batch_passes_when_nothing_is_missing` shows."""
    return write_batch(tmp_path / "fresh.jsonl", phone_update())


def decided(home: Home) -> list[tuple[str, str]]:
    """Return the distinct (lane, objections) of what the last run decided, sealed or not."""
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return con.execute("select distinct lane, objections from main.int_changes_decided").fetchall()


def test_fresh_batch_passes_when_nothing_is_missing(demo_copy: Home, fresh_batch: Path) -> None:
    """FLD-1: what the other tests here see denied is automatic on an ordinary day."""
    assert Road(demo_copy).run(fresh_batch).success
    assert {(row["lane"], row["objections"]) for row in published(demo_copy, fresh_batch)} == {("auto", "[]")}
    assert len(published(demo_copy, fresh_batch, "approved_writes")) == 1


def test_everything_is_denied_when_a_gate_did_not_run(demo_copy: Home, fresh_batch: Path) -> None:
    """FLD-1, law 1: a gate that was left out in the UI still has a table and an attestation of the run before; they
    count for nothing: every change is denied, and says why.
    """
    assert Road(demo_copy).run(fresh_batch, leave_out=[SKIPPED_GATE]).success
    rows = published(demo_copy, fresh_batch)
    assert {row["lane"] for row in rows} == {"deny"}
    for row in rows:
        (objection,) = json.loads(row["objections"])
        assert objection["reason"] == "gate_did_not_run"
        assert SKIPPED_GATE in json.dumps(objection)
    assert published(demo_copy, fresh_batch, "approved_writes") == []


def test_nothing_is_sealed_when_a_left_out_gate_holds_objections_of_before(
    first_run_copy: Home, fresh_batch: Path
) -> None:
    """EXC-3, law 6: objections to changes that are not in this run are a fault, not a decision."""
    result = Road(first_run_copy).run(fresh_batch, leave_out=[SKIPPED_GATE], raise_on_error=False)
    assert not result.success
    assert sealed_count(first_run_copy) == 2
    assert {lane for lane, _ in decided(first_run_copy)} == {"deny"}


def test_everything_is_denied_when_the_expectation_gates_did_not_run(demo_copy: Home, fresh_batch: Path) -> None:
    """CNF-1, EVD-1, law 3: the same for the gates that Great Expectations judges; without the outcome checks, law 6
    lets nothing be sealed either.
    """
    sealed_before = sealed_count(demo_copy)
    left_out = [["checks", "expectation_objections"], ["checks", "expectation_attestations"]]
    with pytest.raises(OutcomeError, match="the outcome checks did not pass"):
        Road(demo_copy).run(fresh_batch, leave_out=left_out, with_checks=False)
    assert {lane for lane, _ in decided(demo_copy)} == {"deny"}
    assert all("gate_confidence__below_auto_band" in objections for _, objections in decided(demo_copy))
    assert sealed_count(demo_copy) == sealed_before


def test_no_field_passes_when_the_policys_fields_are_gone(
    demo_copy: Home, fresh_batch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FLD-1, FLD-2: rows of policy.fields that vanish in the middle of a run grant nothing."""

    def write_facts_and_lose_fields(con: duckdb.DuckDBPyConnection, read_model) -> None:
        write_facts(con, read_model)
        con.execute("delete from policy.fields")

    monkeypatch.setattr(road_assets, "write_facts", write_facts_and_lose_fields)
    assert Road(demo_copy).run(fresh_batch).success
    (title,) = [row for row in published(demo_copy, fresh_batch) if not row["is_action_row"]]
    assert title["lane"] == "deny"
    assert "gate_policy__field_not_granted" in gates_of(title)
    assert published(demo_copy, fresh_batch, "approved_writes") == []


def test_nothing_is_sealed_when_decisions_change_behind_the_checks(
    demo_copy: Home, fresh_batch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 6: what is sealed is what the checks looked at: another value between the two is found."""
    sealed_before = sealed_count(demo_copy)
    seal = road_assets.seal_decisions

    def seal_after_tampering(con: duckdb.DuckDBPyConnection, *rest: object) -> object:
        con.execute("""update main.int_changes_decided set new_value = '"+15185550178"' where field = 'phone'""")
        return seal(con, *rest)

    monkeypatch.setattr(road_assets, "seal_decisions", seal_after_tampering)
    with pytest.raises(OutcomeError, match="the outcome checks did not pass"):
        Road(demo_copy).run(fresh_batch)
    assert sealed_count(demo_copy) == sealed_before


def test_wb_run_ends_with_four_when_a_blocking_check_fails(
    first_run_copy: Home, wb: Callable[..., CommandRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 3, EXC-3: a blocking check that finds something stops `wb run` with exit code 4 and its name; nothing is
    sealed.
    """
    name = "assert_every_change_has_one_decision"
    outcomes = [
        TestOutcome(test, failing_rows=3 * (test == name)) for test in SqlProject.load(sql_project_folder()).tests
    ]
    monkeypatch.setattr("wb_pipeline.checks.run_tests", lambda *_: outcomes)
    done = wb("run", "--home", first_run_copy.root, "--crm", CRM, "--evidence", EVIDENCE, "--now", NOW,
              "--batch", FOLLOWUP)  # fmt: skip
    assert done.exit_code == 4
    assert name in done.err
    assert sealed_count(first_run_copy) == 2
