"""Bins and log loss of what a card says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wb_pipeline.matching.scorecard.calibration import calibration_bins, log_loss, probabilities


def test_bins_hold_each_pair_once_with_its_interval() -> None:
    """IDN-2: 1.0 is in the last bin; the interval is Wilson's: 8 of 10 is 0.490 to 0.943 (Wilson 1927)."""
    predicted = np.array([0.0, 0.005, *[0.8] * 10, 1.0])
    is_same = np.array([False, False, *[True] * 8, *[False] * 2, True])
    low, middle, high = calibration_bins(predicted, is_same)
    assert [each["pairs"] for each in (low, middle, high)] == [2, 10, 1]
    assert (middle["predicted"], middle["observed"]) == (0.8, 0.8)
    assert (middle["observed_low"], middle["observed_high"]) == (
        pytest.approx(0.490, abs=1e-3),
        pytest.approx(0.943, abs=1e-3),
    )
    assert (low["low"], high["high"]) == (0.0, 1.0)


def test_log_loss_of_a_coin_and_of_certainty() -> None:
    """IDN-2: a coin costs ln 2; to be certain and wrong costs much, but is finite."""
    truth = np.array([True, False])
    assert log_loss(np.array([0.5, 0.5]), truth) == pytest.approx(math.log(2))
    assert 20 < log_loss(np.array([0.0, 1.0]), truth) < 40
    assert log_loss(probabilities(np.array([1e9, -1e9])), truth) == pytest.approx(0, abs=1e-9)
