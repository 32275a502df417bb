"""The benchmark of the page, on a queue small enough for a test."""

from __future__ import annotations

from wb_pipeline.benchmarks.review.page import bench_page


def test_each_kind_of_page_is_asked_for_and_measured(tmp_path):
    """RVW-1: `wb bench page` serves a queue, opens pages and approves an item, each with its milliseconds."""
    report = bench_page(tmp_path, 30, 1, lambda line: None)
    assert report.items == 30
    assert set(report.clock_ms) == set(report.computing_ms)
    assert {"queue", "item", "cause, item and approval"} <= set(report.clock_ms)
    assert all(took > 0 for took in (report.first_ms, *report.clock_ms.values()))
    assert "aim for each page: 300 ms" in report.render()
    assert report.as_json()["items"] == 30
