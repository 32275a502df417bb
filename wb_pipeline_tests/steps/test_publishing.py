"""What readers open: whole files, replaced at once, that no spreadsheet runs."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import duckdb
import pytest

from wb_pipeline.home import Home
from wb_pipeline.steps.publishing import BATCH_TABLES, batch_folder, publish_batches, publish_reports, reports_folder

HOSTILE = ["=1+1", "+1", "-1", "@sum(a)", "\t=1", "\r=1", 'a"b', "a,b\nc", "plain", ""]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with a report of hostile texts and every batch table."""
    report = "create table main.report_hostile as select unnest($given) as said, -1 as number"
    with duckdb.connect() as made:
        made.execute(report, {"given": HOSTILE})
        for table in BATCH_TABLES:
            made.execute(f"create table main.{table} as select 'b1' as batch_key, '=1' as said")
            made.execute(f"insert into main.{table} values ('b2', 'other')")
        yield made


def test_publish_reports_writes_text_that_no_spreadsheet_runs(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """RPT-6, law 7: a cell that would begin a formula is led by a quote; numbers stay numbers, nothing is lost."""
    (path,) = publish_reports(con, home, ["report_hostile"])
    assert path == reports_folder(home) / "report_hostile.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["number"] for row in rows} == {"-1"}
    said = {row["said"] for row in rows}
    assert said == {f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text for text in HOSTILE}


def test_publish_batches_writes_each_batch_apart(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Issue 2, item 7: a batch's folder holds its rows of every table, and nothing of another batch."""
    written = publish_batches(con, home, ["b1"])
    assert written == [batch_folder(home, "b1") / f"{table}.parquet" for table in BATCH_TABLES]
    for path in written:
        assert con.execute("select * from read_parquet(?)", [str(path)]).fetchall() == [("b1", "=1")]
    assert not batch_folder(home, "b2").exists()


def test_publish_leaves_the_old_file_when_writing_fails(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """OPS-4: a file is replaced when it is whole, or not at all."""
    (path,) = publish_reports(con, home, ["report_hostile"])
    before = path.read_bytes()
    con.execute("drop table main.report_hostile")
    con.execute("create view main.report_hostile as select error('broken')::varchar as said, 1 as number")
    with pytest.raises(duckdb.Error, match="broken"):
        publish_reports(con, home, ["report_hostile"])
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]
