"""The dedupe job as the orchestrator runs it, with the models that ship, on a small made-up CRM with known truth."""

from __future__ import annotations

import logging
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from wb_pipeline.assets.dedupe import dedupe_config
from wb_pipeline.definitions import build_defs
from wb_pipeline.home import Home
from wb_pipeline.resources import Books, RunInputs, Warehouse
from wb_pipeline.steps.publishing import dedupe_folder
from wb_pipeline.synthetic import generate_crm

CONTACTS = 600


@dg.logger
def _silent(_context: dg.InitLoggerContext) -> logging.Logger:
    return logging.Logger("silent", level=logging.CRITICAL)  # noqa: LOG001 - not to be found by name


def run_job(home: Home, crm: Path | None, *, is_full: bool = False) -> dg.ExecuteInProcessResult:
    """Run the job once in an instance of its own."""
    root = str(home.root)
    inputs = RunInputs(crm_folder=str(crm or ""), now="2026-03-02T10:00:00Z")
    resources = {"books": Books(home_folder=root), "warehouse": Warehouse(home_folder=root), "inputs": inputs}
    defs = build_defs(loggers={"console": _silent}, **resources)
    config = {"loggers": {"console": {}}} | dedupe_config(is_full=is_full)
    return defs.resolve_job_def("crm_dedupe").execute_in_process(run_config=config)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up CRM with its truth."""
    folder = tmp_path_factory.mktemp("made") / "sample"
    generate_crm(folder, contacts=CONTACTS, seed=11, form="records")
    return folder


@pytest.fixture(scope="module")
def deduped(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dg.ExecuteInProcessResult]:
    """A home after one run of the job. To be read only."""
    home = Home(tmp_path_factory.mktemp("job") / "home")
    return home, run_job(home, made / "crm")


def entities(home: Home) -> dict[str, str]:
    """Return the published entity id of each record."""
    with duckdb.connect() as con:
        path = str(dedupe_folder(home) / "entity_ids.parquet")
        return dict(con.execute("select record_id, entity_id from read_parquet(?)", [path]).fetchall())


def test_job_finds_most_duplicates_and_few_others(made: Path, deduped: tuple[Home, dg.ExecuteInProcessResult]) -> None:
    """IDN-10: pairs in one cluster against pairs of one true entity; the floors are far below what is measured."""
    home, result = deduped
    assert result.success
    query = """
        with ids as (
            select found.entity_id as found_id, truth.entity_id as true_id
            from read_parquet($found) as found
            inner join read_parquet($truth) as truth on truth.contact_id = found.record_id
        ),
        counts as (
            select
                (select sum(n * (n - 1) / 2) from (select count(*) as n from ids group by found_id)) as found,
                (select sum(n * (n - 1) / 2) from (select count(*) as n from ids group by true_id)) as wanted,
                (select sum(n * (n - 1) / 2) from (select count(*) as n from ids group by found_id, true_id)) as hits
        )
        select hits / found, hits / wanted from counts
    """
    with duckdb.connect() as con:
        given = {
            "found": str(dedupe_folder(home) / "entity_ids.parquet"),
            "truth": str(made / "truth_contacts.parquet"),
        }
        ((precision, recall),) = con.execute(query, given).fetchall()
    assert precision > 0.9
    assert recall > 0.6


def test_job_tells_the_ui_what_it_found(deduped: tuple[Home, dg.ExecuteInProcessResult]) -> None:
    """RPT-6: counts, pairs per blocking rule, scores, largest clusters and the duplicate rate as metadata."""
    _, result = deduped
    shown = {
        event.asset_key.to_user_string(): set(event.step_materialization_data.materialization.metadata)
        for event in result.all_events
        if event.is_step_materialization and event.asset_key
    }
    assert {"pairs by blocking rule", "pairs by score", "dagster/row_count"} <= shown["matching/scored_pairs"]
    assert {"records and entities", "largest clusters"} <= shown["books/dedupe_entity_ids"]
    assert "changes of ids in this run" in shown["books/dedupe_id_trail"]
    assert "first rows" in shown["report_duplicate_rate"]
    assert "folder" in shown["published_dedupe"]


def test_incremental_and_full_run_agree_and_ids_stay(made: Path, home: Home) -> None:
    """IDN-11: a daily run on an unchanged CRM, and a full one, find the same clusters under the same ids."""
    assert run_job(home, made / "crm").success
    first = entities(home)
    assert run_job(home, None).success
    assert entities(home) == first
    assert run_job(home, None, is_full=True).success
    assert entities(home) == first
