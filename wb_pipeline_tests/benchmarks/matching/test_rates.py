"""Shares with their intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.benchmarks.matching.rates import Rate


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [
        (5, 10, 0.2366, 0.7634),  # Wilson's interval, worked out by hand: (0.5 + 0.19208) / 1.38415 -/+ 0.2634
        (0, 10, 0.0, 0.2775),  # 3.8415 / 13.8415
        (10, 10, 0.7225, 1.0),
        (98, 100, 0.9300, 0.9945),
    ],
)
def test_interval_is_wilsons(hits: int, cases: int, low: float, high: float) -> None:
    """Few cases look like few."""
    assert Rate(hits, cases).interval == pytest.approx((low, high), abs=1e-4)


def test_a_share_of_no_cases_is_unknown() -> None:
    """No cases are neither all good nor all bad."""
    assert Rate(0, 0).value is None
    assert Rate(0, 0).interval == (0.0, 1.0)


@pytest.mark.parametrize(("hits", "cases"), [(-1, 3), (4, 3), (0, -1)])
def test_an_impossible_share_is_refused(hits: int, cases: int) -> None:
    """A miscounted figure must not reach a report."""
    with pytest.raises(ValueError, match="is no share"):
        Rate(hits, cases)


@given(st.integers(1, 10_000), st.data())
def test_the_interval_holds_the_share_and_narrows_with_more_cases(cases: int, data: st.DataObject) -> None:
    """Bounds lie within 0 and 1, around the share; four times the cases with the same share are narrower."""
    hits = data.draw(st.integers(0, cases))
    low, high = Rate(hits, cases).interval
    narrow_low, narrow_high = Rate(4 * hits, 4 * cases).interval
    assert 0 <= low <= hits / cases <= high <= 1
    assert narrow_high - narrow_low < high - low
