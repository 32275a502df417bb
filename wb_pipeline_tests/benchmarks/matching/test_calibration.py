"""What a measurement says of probabilities: were as many pairs true as was said?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.benchmarks.matching.calibration import calibration_bins, calibration_error, threshold_by_probability


def test_bins_tell_what_was_said_and_what_was_true() -> None:
    """Two pairs at 0.96 and 0.98, one of them right; one at exactly 1.0."""
    bins = calibration_bins(np.array([0.96, 0.98, 1.0]), np.array([True, False, True]))
    assert [(each.low, each.high, each.mean_probability) for each in bins] == [(0.95, 0.99, 0.97), (0.999, 1.0, 1.0)]
    assert [each.observed.value for each in bins] == [0.5, 1.0]
    assert calibration_error(bins) == pytest.approx(2 / 3 * 0.47)


def test_no_pairs_no_error() -> None:
    """An empty CRM is not miscalibrated."""
    assert calibration_error(calibration_bins(np.array([]), np.array([], dtype=np.bool_))) == 0.0


@pytest.mark.parametrize(
    ("probabilities", "least", "threshold"),
    [
        ([1.0, 0.98, 0.97, 0.2], 0.98, 0.97),  # the mean of the first three is 0.9833
        ([1.0, 0.5, 0.5], 0.75, 1.0),  # one of the equal pairs alone would do, both do not
        ([0.9, 0.8], 0.99, math.inf),
        ([], 0.5, math.inf),
    ],
)
def test_threshold_by_probability(probabilities: list[float], least: float, threshold: float) -> None:
    """The lowest score down to which the linked pairs say that they are right often enough."""
    assert threshold_by_probability(np.array(probabilities, dtype=np.float64), least) == threshold


@given(st.lists(st.floats(0, 1), max_size=40), st.floats(0.01, 1))
def test_threshold_by_probability_is_the_lowest_that_keeps_its_word(values: list[float], least: float) -> None:
    """Every lower score would break it (the mean only falls), the chosen one does not."""
    chosen = threshold_by_probability(np.array(values, dtype=np.float64), least)
    means = {score: np.mean([value for value in values if value >= score]) for score in values}
    kept = [score for score, mean in means.items() if mean >= least - 1e-9]
    assert chosen == math.inf or means[chosen] >= least - 1e-9
    assert chosen <= min(kept, default=math.inf) or math.isclose(means[min(kept)], least, abs_tol=1e-9)
