"""The benchmark of writing, at a size that takes a moment: what it measures really happened."""

from __future__ import annotations

import json

import pytest

from wb_pipeline.benchmarks.apply import bench_apply
from wb_pipeline.errors import InputError


def test_bench_writes_what_it_counts(tmp_path):
    """SYN-1: the figure is of writes that stand in the CRM, and a second run writes nothing."""
    report = bench_apply(tmp_path / "bench", writes=30, crm="files", echo=lambda _line: None)
    assert (report.writes, report.crm) == (30, "files")
    assert min(report.seconds, report.again_seconds, report.plain_seconds, report.plain_one_by_one_seconds) > 0
    rows = [json.loads(line) for line in (tmp_path / "bench/crm/contacts.jsonl").read_text("utf-8").splitlines()]
    assert {row["fields"]["title"] for row in rows} == {f"VP IT {number}" for number in range(1, 31)}
    assert "30 writes to files" in report.render()
    assert report.as_json()["writes"] == 30


def test_bench_measures_an_empty_database_only(tmp_path, postgres, monkeypatch):
    """SYN-1: the same against Postgres; a database that holds contacts is left alone."""
    monkeypatch.setenv("WB_CRM_URL", postgres.new_database())
    report = bench_apply(tmp_path / "bench", writes=20, crm="postgres", echo=lambda _line: None)
    assert (report.writes, report.crm) == (20, "postgres")
    with pytest.raises(InputError, match="holds contacts already"):
        bench_apply(tmp_path / "bench", writes=20, crm="postgres", echo=lambda _line: None)
    monkeypatch.delenv("WB_CRM_URL")
    with pytest.raises(InputError, match="no database"):
        bench_apply(tmp_path / "bench", writes=20, crm="postgres", echo=lambda _line: None)
