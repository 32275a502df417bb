"""Runs that are killed, that meet each other, or that find a broken warehouse: the end is the same as of one that
was not.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.canonical import file_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.attempts import attempts
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.conftest import wb_environment
from wb_pipeline_tests.end_to_end.compare import OF_THE_HOME, differing, published_contents, warehouse_contents
from wb_pipeline_tests.end_to_end.road import (
    CRM,
    EVIDENCE,
    FOLLOWUP,
    MORNING,
    NOW,
    STRAY,
    Road,
    event_kinds,
    title_update,
    write_batch,
)
from wb_pipeline_tests.nursery import Born, Nursery, nursery

# Beginning of the name of the step that is waited for, and seconds after it started: behind the manifest, among the
# gates, at the seal (inside it: ledger/test_segments.py), behind it, while publishing.
STAGES = (
    ("proposals", 0.0),
    ("gates", 0.1),
    ("sealed", 0.0),
    ("marts", 0.0),
    ("published", 0.1),
)

PATIENCE_SECONDS = 600.0


class Runs:
    """Starts `wb run` on the sample, in processes of their own."""

    def __init__(self, opened: Nursery) -> None:
        self._nursery = opened

    def start(self, home: Home, *batches: Path) -> Born:
        """Start a run."""
        given = [part for batch in batches for part in ("--batch", batch)]
        sample = ("--crm", CRM, "--evidence", EVIDENCE, "--now", NOW)
        return self._nursery.start("run", "--home", home.root, *sample, *given)

    def kill_at(self, step: str, seconds: float, home: Home, *batches: Path) -> bool:
        """Kill -9 a run a moment after it names a step; return whether it came that far and was killed."""
        run = self.start(home, *batches)
        if run.wait_for_step(step, PATIENCE_SECONDS):
            time.sleep(seconds)
            run.kill()
        return run.code(PATIENCE_SECONDS) == -signal.SIGKILL


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """What starts runs; none of them outlives the tests."""
    with nursery(tmp_path_factory.mktemp("runs"), wb_environment()) as opened:
        yield Runs(opened)


def finish(run: Born) -> None:
    """Wait for a run that has to end well."""
    assert run.code(PATIENCE_SECONDS) == 0, run.err


def test_run_ends_the_same_when_it_was_killed_at_every_stage(home: Home, first_run_home: Home, runs: Runs) -> None:
    """OPS-4: killed behind the manifest, among the gates, around the seal and while publishing, then run to its end:
    the same tables and published files as without any of that, and nothing twice.
    """
    for step, seconds in STAGES:
        assert runs.kill_at(step, seconds, home, MORNING, STRAY), f"not killed at {step!r}"
    finish(runs.start(home, MORNING, STRAY))

    before, after = (warehouse_contents(each.warehouse, without=OF_THE_HOME) for each in (first_run_home, home))
    assert len(before["books.sealed_decisions"]) > 80
    assert differing(before, after) == {}
    published = (published_contents(each, without=OF_THE_HOME) for each in (first_run_home, home))
    assert differing(*published) == {}
    assert Counter(kind for kind, _ in event_kinds(home)) == Counter(kind for kind, _ in event_kinds(first_run_home))
    assert sealed_keys(home) == sealed_keys(first_run_home)
    report = verify_books(home)
    assert report.is_intact, report.findings
    assert list(report.notes) == []
    ends = [each.outcome for each in attempts(Ledger.open(home)) if each.outcome]
    assert ends.count("sealed") == 1


def sealed_keys(home: Home) -> list[str]:
    """Return the keys of the sealed batches, as often as they were sealed."""
    return sorted(batch.seal.batch_key for batch in sealed_batches(Ledger.open(home)))


def test_runs_started_at_once_all_end_right(home: Home, tmp_path: Path, runs: Runs) -> None:
    """OPS-4, law 6: two runs on one empty home that share a batch wait for each other; each batch is sealed once."""
    other = write_batch(tmp_path / "other.jsonl", title_update())
    for run in [runs.start(home, FOLLOWUP), runs.start(home, other, FOLLOWUP)]:
        finish(run)
    assert sealed_keys(home) == sorted((file_hash(FOLLOWUP), file_hash(other)))
    assert verify_books(home).is_intact
    kinds = Counter(kind for kind, _ in event_kinds(home))
    # If the one with both came first, there was nothing left to do for the other.
    assert kinds.pop("manifest_committed") in (1, 2)
    assert kinds == {
        "batch_received": 2, "snapshot_taken": 2, "policy_registered": 1,
        "model_registered": 1, "batch_sealed": 2, "items_queued": 2,
    }  # fmt: skip
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        twice = con.execute("select change_id from books.sealed_decisions group by all having count(*) > 1").fetchall()
    assert twice == []


@pytest.mark.parametrize("damage", ["truncated", "rubbish"])
def test_run_sets_a_damaged_warehouse_aside(first_run_home: Home, first_run_copy: Home, damage: str) -> None:
    """OPS-4, law 5: the warehouse is derived: a run that cannot read it keeps the file for whoever wants to know, and
    makes every table again.
    """
    whole = first_run_copy.warehouse.read_bytes()
    broken = whole[: len(whole) // 3] if damage == "truncated" else b"not a database" * 1000
    first_run_copy.warehouse.write_bytes(broken)
    assert Road(first_run_copy).run(MORNING, STRAY).success
    before, after = (warehouse_contents(each.warehouse) for each in (first_run_home, first_run_copy))
    assert differing(before, after) == {}
    assert first_run_copy.warehouse.with_suffix(".duckdb.damaged").read_bytes() == broken
    assert event_kinds(first_run_copy) == event_kinds(first_run_home)
