"""The floor beside `wb bench road`: DuckDB alone does the same reading and writing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from wb_pipeline.benchmarks.floor import run_floor
from wb_pipeline.benchmarks.generate import GeneratedRoad, generate_road


@pytest.fixture
def road(tmp_path: Path) -> GeneratedRoad:
    """A small load to read."""
    return generate_road(tmp_path / "road", contacts=50, proposals=100, bad_rows=10)


def finished_run(home: Path) -> Path:
    """A home as a run leaves it: decisions published, the audit log in the warehouse only."""
    batch = home / "published" / "batches" / "abc"
    batch.mkdir(parents=True)
    decisions = "select 'auto' as lane, 'review' as proposal_lane, range = 0 as is_action_row from range(3)"
    with duckdb.connect() as connection:
        connection.query(decisions).write_parquet(str(batch / "decisions.parquet"))
    with duckdb.connect(str(home / "warehouse.duckdb")) as warehouse:
        warehouse.execute("create schema marts")
        warehouse.execute("create table marts.audit_log as select range as sequence from range(7)")
    return home


def test_run_floor_reads_every_row_and_writes_the_same_rows_again(road: GeneratedRoad, tmp_path: Path) -> None:
    """The floor does the same reading and writing as the run, no less."""
    figures = run_floor(road.folder, home=finished_run(tmp_path / "home"), out=tmp_path / "out")
    assert figures.rows_read["crm_records"] == sum(n for name, n in road.rows.items() if name.startswith("crm/"))
    assert figures.rows_read["evidence_items"] == road.rows["evidence/items.jsonl"]
    assert 90 <= figures.rows_read["proposal_lines"] <= 100
    assert figures.rows_written == {"decisions": 3, "audit_log": 7}
    assert duckdb.read_parquet(str(tmp_path / "out" / "audit_log.parquet")).fetchall() == [(n,) for n in range(7)]
    with duckdb.connect(str(tmp_path / "out" / "floor.duckdb"), read_only=True) as written:
        assert written.execute("select count(*) from decisions").fetchall() == [(3,)]


def test_run_floor_keeps_the_values_of_what_it_reads(road: GeneratedRoad, tmp_path: Path) -> None:
    """A floor that drops values would be lower than it is."""
    run_floor(road.folder, home=finished_run(tmp_path / "home"), out=tmp_path / "out")
    query = "select count(*) from proposal_lines where actor->>'$.id' is not null and evidence is not null"
    with duckdb.connect(str(tmp_path / "out" / "floor.duckdb"), read_only=True) as written:
        assert written.execute(query).fetchall()[0][0] == 90


def test_run_floor_counts_lanes_as_the_proof_of_work(road: GeneratedRoad, tmp_path: Path) -> None:
    """The report can show that the run decided something."""
    figures = run_floor(road.folder, home=finished_run(tmp_path / "home"), out=tmp_path / "out")
    assert figures.change_lanes == {"auto": 3}
    assert figures.proposal_lanes == {"review": 1}


def test_run_floor_refuses_a_home_without_a_finished_run(road: GeneratedRoad, tmp_path: Path) -> None:
    """No outputs, no floor: a ratio to nothing would look good."""
    with pytest.raises(ValueError, match="no finished run"):
        run_floor(road.folder, home=tmp_path / "empty", out=tmp_path / "out")
