"""Precision and recall of scored pairs, at one threshold or over all of them. Knows no data and no matcher."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wb_pipeline.benchmarks.matching.rates import Rate

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]

_ROUNDING = 1e-6
"""Of a pair: 99 right of 100 have a precision of 0.99, whatever 0.99 times 100 is in binary."""


@dataclass(frozen=True)
class PairFigures:
    """What linking every pair with a score >= `threshold` gives: pairs rightly linked, wrongly linked, missed.

    `missed` counts true pairs that were never candidates too. An infinite threshold links nothing.
    """

    threshold: float
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> Rate:
        """The share of linked pairs that are the same entity."""
        return Rate(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Rate:
        """The share of all true pairs that are linked."""
        return Rate(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where nothing is linked and nothing is to be linked."""
        doubled = 2 * self.right
        return doubled / (doubled + self.wrong + self.missed) if doubled else 0.0

    def as_json(self) -> dict[str, object]:
        """Return everything for the JSON report; an infinite threshold as null."""
        return {
            "threshold": self.threshold if math.isfinite(self.threshold) else None,
            "precision": self.precision.as_json(),
            "recall": self.recall.as_json(),
            "f1": self.f1,
        }


@dataclass(frozen=True)
class PairCurve:
    """Figures at every threshold that makes a difference, best score first; pairs of one score stay together.

    `thresholds`, `right` and `wrong` (counts of pairs at or above the threshold) have one entry per distinct score.
    """

    thresholds: Scores
    right: Counts
    wrong: Counts
    true_pairs: int

    def at(self, threshold: float) -> PairFigures:
        """Return the figures when every pair with a score >= `threshold` is linked."""
        reached = int(np.searchsorted(-self.thresholds, -threshold, side="right"))
        return self._figures(reached - 1, threshold)

    def best_f1(self) -> PairFigures:
        """Return the figures with the best F1; optimistic, since the truth picks the threshold."""
        if not len(self.thresholds):
            return self._figures(-1, math.inf)
        links = self.right + self.wrong
        return self._at_index(int(np.argmax(2 * self.right / (links + self.true_pairs))))

    def at_precision(self, least: float) -> PairFigures:
        """Return the figures with the largest recall among the thresholds with precision >= `least`.

        Of several such thresholds with the same recall, the highest. If there is none, nothing is linked.
        """
        needed = least * (self.right + self.wrong) - _ROUNDING
        good = np.flatnonzero((self.right >= needed) & (self.right > 0))
        if not len(good):
            return self._figures(-1, math.inf)
        # `right` never falls along the curve, so the last good one has the largest recall.
        most = self.right[good[-1]]
        return self._at_index(int(good[np.searchsorted(self.right[good], most, side="left")]))

    def _at_index(self, index: int) -> PairFigures:
        return self._figures(index, float(self.thresholds[index]))

    def _figures(self, index: int, threshold: float) -> PairFigures:
        right, wrong = (int(self.right[index]), int(self.wrong[index])) if index >= 0 else (0, 0)
        return PairFigures(threshold, right, wrong, self.true_pairs - right)


def pair_curve(scores: Scores, is_match: Flags, true_pairs: int) -> PairCurve:
    """Return the curve of candidate pairs: one score and one truth each, every pair once.

    `true_pairs` counts all pairs that are the same entity, whether they became candidates or not.
    Raises ValueError for scores that are no numbers, lengths that differ, or more matches than true pairs.
    """
    if len(scores) != len(is_match) or np.isnan(scores).any():
        raise ValueError("every pair needs one score, which is a number, and one truth")
    if int(is_match.sum()) > true_pairs:
        raise ValueError(f"{int(is_match.sum())} candidates are matches, but only {true_pairs} pairs are said to be")
    order = np.argsort(-scores, kind="stable")
    ranked, matched = scores[order], is_match[order]
    last_of_group = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) if len(ranked) else np.empty(0, int)
    right = np.cumsum(matched, dtype=np.int64)[last_of_group]
    return PairCurve(ranked[last_of_group], right, last_of_group + 1 - right, true_pairs)
