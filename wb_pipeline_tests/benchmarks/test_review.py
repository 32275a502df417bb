"""`wb bench review` measures what people wait for, and who wins a race."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.benchmarks.measure import BenchmarkError
from wb_pipeline.benchmarks.review.bench import ReviewSize, bench_review


def test_bench_reports_times_and_a_race_with_one_winner_each(tmp_path: Path) -> None:
    """RVW-4: two processes decide on the same items; each has one winner, and the loser is on record."""
    report = bench_review(tmp_path / "bench", ReviewSize(items=120, bulk=10, race=20), lambda _: None)
    assert (report.race.items, report.race.one_winner, report.race.both_recorded) == (20, 20, 20)
    assert sum(report.race.wins.values()) == 20
    assert "approve 10 at once" in report.render()
    assert report.as_json()["size"] == {"items": 120, "bulk": 10, "race": 20}


def test_bench_of_too_few_items_is_refused(tmp_path: Path) -> None:
    """OPS-5: more is decided than waits."""
    with pytest.raises(BenchmarkError, match="fewer items wait"):
        bench_review(tmp_path, ReviewSize(items=10, bulk=10, race=10), lambda _: None)
