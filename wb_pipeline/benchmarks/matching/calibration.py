"""Whether a score means what it says: probabilities against observed shares. No thresholds from truth here."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wb_pipeline.benchmarks.matching.pair_metrics import Flags, Scores
from wb_pipeline.benchmarks.matching.rates import Rate

EDGES = (0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 1.0)
"""Finer towards 1, where the decisions are made."""


@dataclass(frozen=True)
class CalibrationBin:
    """Pairs whose probability lies in [`low`, `high`): what was said on average, and what was true."""

    low: float
    high: float
    mean_probability: float
    observed: Rate

    def as_json(self) -> dict[str, object]:
        """Return the bin for the JSON report."""
        return {
            "low": self.low,
            "high": self.high,
            "mean_probability": self.mean_probability,
            "observed": self.observed.as_json(),
        }


def calibration_bins(probabilities: Scores, is_match: Flags) -> list[CalibrationBin]:
    """Return the bins that hold pairs, lowest first; the last one takes 1.0 in."""
    places = np.clip(np.searchsorted(EDGES, probabilities, side="right") - 1, 0, len(EDGES) - 2)
    bins = []
    for place in np.unique(places):
        inside = places == place
        observed = Rate(int(is_match[inside].sum()), int(inside.sum()))
        bins.append(CalibrationBin(EDGES[place], EDGES[place + 1], float(probabilities[inside].mean()), observed))
    return bins


def calibration_error(bins: list[CalibrationBin]) -> float:
    """Return the expected calibration error: |said - true| averaged over all pairs; 0 for no pairs."""
    cases = sum(each.observed.cases for each in bins)
    gaps = sum(abs(each.mean_probability * each.observed.cases - each.observed.hits) for each in bins)
    return gaps / cases if cases else 0.0


def threshold_by_probability(probabilities: Scores, least_precision: float) -> float:
    """Return the lowest threshold at which linked pairs are right by `least_precision` on average, as they say.

    No truth is used: this is the threshold that can be set on a CRM without labels. Infinite if there is none.
    """
    ranked = np.sort(probabilities)[::-1]
    said = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    last_of_group = np.append(ranked[1:] != ranked[:-1], True)[: len(ranked)]
    good = np.flatnonzero((said >= least_precision) & last_of_group)
    return float(ranked[good[-1]]) if len(good) else math.inf
