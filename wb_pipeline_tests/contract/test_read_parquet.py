"""Parquet files."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from wb_pipeline.contract.read import open_rows


def test_open_rows_reads_parquet_when_nested_parts_are_json_text(tmp_path):
    """CON-2: Parquet is told by content; empty cells are keys left out; nested columns are JSON."""
    table = pa.table(
        {
            "id": ["a", "b", None],
            "actor": ['{"id":"x"}', "{broken", '{"id":"y","id":"z"}'],
            "confidence": [91.0, float("nan"), None],
            "subject": ["[Re] hello", '{"email":"a@b.example"}', "plain"],
        }
    )
    pq.write_table(table, tmp_path / "file.jsonl")
    source = open_rows(tmp_path / "file.jsonl", nested={"actor"}, may_be_nested={"subject"})
    first, second, third = source.rows
    assert source.file_format == "parquet"
    assert first.mapping == {"id": "a", "actor": {"id": "x"}, "confidence": 91, "subject": "[Re] hello"}
    assert second.problem.code == "not_json"
    assert second.mapping["subject"] == {"email": "a@b.example"}
    assert (third.problem.code, third.problem.field) == ("repeated_key", "actor")
    assert "id" not in third.mapping


def test_open_rows_refuses_one_row_when_a_parquet_cell_is_not_utf8_or_not_finite(tmp_path):
    """CON-7: bytes, NaN and huge cells in Parquet are the problem of their row."""
    text = pa.array([b"good", b"\xff\xfe", b"x", b"y" * 2_000_000], pa.binary())
    as_text = pa.Array.from_buffers(pa.string(), 4, text.buffers())
    table = pa.table({"a": as_text, "b": pa.array([1.0, 2.0, float("inf"), 3.0])})
    pq.write_table(table, tmp_path / "file")
    codes = [row.problem.code if row.problem else None for row in open_rows(tmp_path / "file").rows]
    assert codes == [None, "not_unicode", "not_finite", "row_too_large"]


def test_open_rows_reports_the_rest_when_parquet_is_damaged_inside(tmp_path):
    """CON-2: rows behind a damaged page are one row that says how many are missing."""
    path = tmp_path / "file"
    table = pa.table({"a": [f"value {number} " * 20 for number in range(20_000)]})
    pq.write_table(table, path, row_group_size=5_000, use_dictionary=False, compression="snappy")
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 3_000] = b"\xff" * 3_000
    path.write_bytes(raw)
    found = list(open_rows(path).rows)
    good = sum(row.problem is None for row in found)
    assert 0 < good < 20_000
    assert found[-1].problem.code == "damaged"
    assert (found[-1].number, len(found)) == (good + 1, good + 1)


def test_open_rows_reads_parquet_times_and_types_as_json_would(tmp_path):
    """CON-8: a time column without a zone stays without one, so that the gate sees it."""
    stamps = pa.array([1_767_225_600_000_000], pa.timestamp("us"))
    table = pa.table(
        {
            "naive": stamps,
            "zoned": stamps.cast(pa.timestamp("us", tz="UTC")),
            "listed": pa.array([[{"field": "title"}]]),
            "flag": [True],
        }
    )
    pq.write_table(table, tmp_path / "file")
    (row,) = open_rows(tmp_path / "file").rows
    assert row.mapping == {
        "naive": "2026-01-01T00:00:00",
        "zoned": "2026-01-01T00:00:00+00:00",
        "listed": [{"field": "title"}],
        "flag": True,
    }
