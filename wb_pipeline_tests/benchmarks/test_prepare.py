"""Tests of benchmarks/prepare.py."""

from __future__ import annotations

from wb_pipeline.benchmarks.prepare import bench_prepare


def test_both_preparations_are_measured(tmp_path):
    """A small CRM is prepared in full, then about one record of a hundred again."""
    lines: list[str] = []
    (found,) = bench_prepare(tmp_path, [1_000], say=lines.append)
    assert found.records > found.contacts == 1_000
    assert 0 < found.changed_records < 0.03 * found.records
    assert min(found.first_seconds, found.changed_seconds, found.first_cpu_seconds, found.changed_cpu_seconds) > 0
    assert len(lines) == 1
    assert "1,000 contacts" in lines[0]
    assert list(tmp_path.iterdir()) == []
