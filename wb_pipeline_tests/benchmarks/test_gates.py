"""`wb bench gates` counts the steps it means to, beside a floor of the same rows."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

from wb_pipeline.benchmarks import gates
from wb_pipeline.benchmarks.gates_floor import run_floor
from wb_pipeline.benchmarks.generate import GeneratedRoad
from wb_pipeline.benchmarks.measure import Measurement
from wb_pipeline.benchmarks.road import Run


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """What a run leaves behind, as far as the floor reads it."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema raw")
        con.execute("create table int_changes_with_context as select range as change_id from range(7)")
        con.execute("create table raw.proposal_citations as select 1 as citation_ordinal")
        con.execute("create table raw.evidence_items as select unnest(['email', 'call_recording']) as evidence_type")
    return path


def test_floor_copies_the_rows_that_gates_read(warehouse: Path, tmp_path: Path) -> None:
    """Issue 4: the floor selects and writes the same rows."""
    figures = run_floor(warehouse, tmp_path / "rows.parquet")
    assert (figures["rows"], figures["transcripts"]) == (7, 1)
    assert duckdb.sql(f"select count(*) from '{tmp_path / 'rows.parquet'}'").fetchall() == [(7,)]


def test_bench_gates_counts_the_steps_between_the_batch_and_the_decisions(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 4: facts and gates are counted, loading and publishing are not; the middle one of three runs is shown."""
    walls = iter((30.0, 10.0, 20.0))

    def run(road: GeneratedRoad, _turn: int, _echo: object) -> Run:
        road.home.mkdir(parents=True, exist_ok=True)
        (road.home / "warehouse.duckdb").write_bytes(warehouse.read_bytes())
        seconds = next(walls)
        steps = {"imports": 3.0, "facts": seconds, "staging_0": 1.0, "gates_12": 2.0, "published": 4.0, "total": 99.0}
        return Run(Measurement(seconds, 2**20), steps)

    monkeypatch.setattr(gates, "run_road", run)
    report = gates.bench_gates(tmp_path, proposals=20, evidence=30, turns=4, repeats=3, echo=lambda _line: None)
    assert report.gate_seconds == 23.0
    assert list(report.steps) == ["facts", "gates_12", "staging_0"]
    assert (report.changes, report.transcripts) == (7, 1)
    assert report.evidence_items >= 30
    assert "gates / floor" in report.render()
    assert sys.float_info.epsilon < report.floor_seconds
