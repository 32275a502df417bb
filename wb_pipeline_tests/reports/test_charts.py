"""The forms of figures: shares that fill the bar, periods without gaps."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.reports.charts import Series, by_period, count_bars, largest, percent, pieces

LEGEND = (Series("auto", "passed"), Series("deny", "denied"), Series("review", "held"))


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=3))
def test_pieces_lie_side_by_side_and_fill_the_bar(counts: list[int]) -> None:
    """RPT-2: shares of a bar add up to the whole."""
    drawn = pieces(dict(zip(("auto", "deny", "review"), counts, strict=True)), LEGEND, sum(counts))
    end = 0.0
    for piece in drawn:
        assert abs(piece.start - end) < 0.01
        end = piece.start + piece.size
    assert not sum(counts) or abs(end - 100) < 0.01


def test_days_without_decisions_stand_as_gaps() -> None:
    """RPT-2: over time means that a quiet day is seen."""
    found = by_period({"2026-03-01": {"auto": 1}, "2026-03-04": {"auto": 2}})
    assert list(found) == ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"]
    assert found["2026-03-02"] == {}


def test_a_long_time_is_drawn_week_by_week_and_loses_nothing() -> None:
    """RPT-2: a year fits, and the counts stay."""
    first = date(2026, 1, 1)
    found = by_period({(first + timedelta(days=day)).isoformat(): {"auto": 1} for day in range(365)})
    assert len(found) == 53
    assert sum(parts.get("auto", 0) for parts in found.values()) == 365
    assert all(date.fromisoformat(name).weekday() == 0 for name in found)


def test_bars_share_one_scale_and_the_largest_come_first() -> None:
    """RPT-3: top fields."""
    counts = largest({"b": {"auto": 1}, "a": {"auto": 3, "deny": 1}, "c": {"deny": 1}}, most=2)
    bars = count_bars(counts, LEGEND)
    assert [bar.label for bar in bars] == ["a", "b"]
    assert [piece.size for piece in bars[0].pieces] == [75.0, 25.0]
    assert bars[0].words == "4: 3 passed, 1 denied"
    assert bars[1].words == "1 passed"


def test_a_small_share_is_not_shown_as_nothing() -> None:
    """RPT-2: 0.4 % is not 0 %."""
    assert [percent(share) for share in (0, 0.004, 0.5)] == ["0 %", "0.4 %", "50 %"]
