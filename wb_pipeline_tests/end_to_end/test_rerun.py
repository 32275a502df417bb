"""Running again, running with other inputs, rebuilding: what was decided stays decided, and nothing happens twice."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from wb_pipeline.canonical import file_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.attempts import attempts
from wb_pipeline.ledger.manifests import manifests_of_batches, sealed_batches
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file, sql_project_folder
from wb_pipeline.sql_project import SqlProject
from wb_pipeline.steps.rebuilding import rebuild
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.end_to_end.compare import differing, published_contents, warehouse_contents
from wb_pipeline_tests.end_to_end.road import (
    CRM,
    FOLLOWUP,
    MORNING,
    STRAY,
    Road,
    event_kinds,
    gates_of,
    published,
    title_update,
    write_batch,
)

RUN_TABLES = ("main", "books", "raw", "facts", "checks", "policy")


def test_rerun_makes_the_same_tables_and_adds_nothing(demo_home: Home, demo_copy: Home) -> None:
    """CON-4, OPS-4: the same batch again gives every table again, row by row, and leaves the ledger and the books
    alone.
    """
    (demo_copy.published / "batches" / file_hash(FOLLOWUP) / "decisions.parquet").unlink()
    assert Road(demo_copy).run(FOLLOWUP).success
    before, after = (warehouse_contents(each.warehouse, RUN_TABLES) for each in (demo_home, demo_copy))
    assert len(before["books.sealed_decisions"]) == len(before["main.decisions"]) > 80
    assert differing(before, after) == {}
    assert differing(published_contents(demo_home), published_contents(demo_copy)) == {}
    assert event_kinds(demo_copy) == event_kinds(demo_home)
    assert Ledger.open(demo_copy).head() == Ledger.open(demo_home).head()
    assert sorted(path.name for path in demo_copy.segments.iterdir()) == [
        path.name for path in sorted(demo_home.segments.iterdir())
    ]
    assert attempts(Ledger.open(demo_copy))[-1].outcome == "verified"


@pytest.fixture
def other_crm(tmp_path: Path) -> Path:
    """The sample's CRM in which somebody gave Ana Ruiz another title."""
    folder = Path(shutil.copytree(CRM, tmp_path / "crm"))
    contacts = folder / "contacts.jsonl"
    rows = [json.loads(line) for line in contacts.read_text(encoding="utf-8").splitlines()]
    next(row for row in rows if row["id"] == "con-1")["fields"]["title"] = "Chief of Everything"
    contacts.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@pytest.fixture
def strict_policy(tmp_path: Path) -> Path:
    """The default policy, in which the agent that enriches contacts is suspended."""
    text = default_policy_file().read_text(encoding="utf-8")
    stricter, count = re.subn(r"(\n  agent-enrich-1:.*\n.*\n    status: )active", r"\1suspended", text)
    assert count == 1
    path = tmp_path / "strict.yaml"
    path.write_text(stricter, encoding="utf-8")
    return path


def test_rerun_keeps_its_manifest_and_a_new_batch_gets_the_new_policy(
    demo_home: Home, demo_copy: Home, other_crm: Path, strict_policy: Path, tmp_path: Path
) -> None:
    """OPS-2, law 4: with another CRM and another policy the batches of before are judged as before, in the very run in
    which a new batch is judged by what is new.
    """
    new = write_batch(tmp_path / "new.jsonl", title_update())
    road = Road(demo_copy, crm=other_crm, policy=strict_policy)
    assert road.run(MORNING, STRAY, FOLLOWUP, new).success
    for batch in (MORNING, STRAY, FOLLOWUP):
        assert published(demo_copy, batch) == published(demo_home, batch)
    rows = published(demo_copy, new)
    assert {row["lane"] for row in rows} == {"deny"}
    assert "gate_policy__actor_switched_off" in gates_of(rows[0])
    assert json.loads(rows[1]["old_value"]) == "Chief of Everything"
    ledger = Ledger.open(demo_copy)
    manifests = manifests_of_batches(ledger)
    assert len({manifest.manifest_id for manifest in manifests.values()}) == 3
    added = [kind for kind, _ in event_kinds(demo_copy)[len(event_kinds(demo_home)) :]]
    assert sorted(added) == [
        "batch_received", "batch_sealed", "items_queued", "manifest_committed", "policy_registered", "snapshot_taken"
    ]  # fmt: skip
    assert manifests[file_hash(new)].policy_hash != manifests[file_hash(MORNING)].policy_hash


def test_rebuild_gives_the_same_marts_and_reports(
    demo_home: Home, demo_copy: Home, wb: Callable[..., CommandRun]
) -> None:
    """OPS-4, law 5: without the warehouse and all that is published, `wb rebuild` brings both back from the books."""
    demo_copy.warehouse.write_bytes(b"gone")
    shutil.rmtree(demo_copy.published)
    done = wb("rebuild", "--home", demo_copy.root)
    batches = sealed_batches(Ledger.open(demo_home))
    decisions = sum(batch.seal.rows for batch in batches)
    assert done.exit_code == 0, done.err
    assert done.out == f"{len(batches)} batches with {decisions} decisions are in the warehouse again.\n"
    assert differing(published_contents(demo_home), published_contents(demo_copy)) == {}
    before, after = (warehouse_contents(each.warehouse) for each in (demo_home, demo_copy))
    models = SqlProject.load(sql_project_folder()).models
    wanted = [f"main.{name}" for name, model in models.items() if model.folder.split("/")[0] in {"marts", "reports"}]
    wanted += [name for name in before if name.startswith("books.")]
    assert len(wanted) > 15
    assert differing({name: before[name] for name in wanted}, {name: after.get(name, []) for name in wanted}) == {}
    assert event_kinds(demo_copy) == event_kinds(demo_home)


def test_rebuild_brings_back_nothing_that_is_not_sealed(first_run_copy: Home) -> None:
    """Law 5: only the books count: a decision that somebody puts into the warehouse by hand is gone afterwards."""
    import duckdb  # noqa: PLC0415 - this test alone opens the warehouse to write

    with duckdb.connect(str(first_run_copy.warehouse)) as con:
        con.execute("update books.sealed_decisions set lane = 'auto'")
    report = rebuild(first_run_copy)
    lanes = {row["lane"] for row in published(first_run_copy, STRAY)}
    assert report.batches == len(sealed_batches(Ledger.open(first_run_copy))) == 2
    assert "deny" in lanes
