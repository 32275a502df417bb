"""Decides from labels whether a card is fitted anew, and how strongly, by cross-validation. Reads no tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wb_pipeline.matching.scorecard.calibration import calibration_bins, log_loss, probabilities
from wb_pipeline.matching.scorecard.fit import LEAST_LABELS, LEAST_OF_EACH, fit_card, logit
from wb_pipeline.matching.scorecard.folds import FOLDS, folds_of

if TYPE_CHECKING:
    import pandas as pd

    from wb_pipeline.matching.scorecard.card import Card

STRENGTHS = (0.1, 0.3, 1.0)
"""Inverse penalties that are tried, the most cautious first."""


@dataclass(frozen=True)
class LabelledPairs:
    """Labels with what a card sees. `terms`: rows of matching.pair_terms, one per label, in the same order.

    `left`, `right`: record ids. `unknown`: labels about records that are not in the CRM any more.
    """

    terms: pd.DataFrame
    is_same: np.ndarray
    left: tuple[str, ...]
    right: tuple[str, ...]
    unknown: int = 0

    @property
    def same(self) -> int:
        """How many pairs were said to be one."""
        return int(self.is_same.sum())

    @property
    def apart(self) -> int:
        """How many pairs were told apart."""
        return len(self.is_same) - self.same

    @property
    def is_enough(self) -> bool:
        """Whether there are labels enough to learn from."""
        return len(self.is_same) >= LEAST_LABELS and min(self.same, self.apart) >= LEAST_OF_EACH

    def counts(self) -> dict[str, Any]:
        """Return how many labels there are, for reports."""
        all_labels = len(self.is_same)
        return {"labels": all_labels, "same": self.same, "apart": self.apart, "about_gone_records": self.unknown}


@dataclass(frozen=True)
class Learned:
    """The card to use from now on, whether it was fitted, why, and the figures behind it (for the report)."""

    card: Card
    is_fitted: bool
    said: str
    figures: dict[str, Any]


def learn_card(
    object_name: str, pairs: LabelledPairs, *, start: Card, kept: Card, trained_on: dict[str, Any]
) -> Learned:
    """Return a card fitted to the labels, starting from `start`, unless that would not be an improvement.

    Too few labels: `kept` stays. Labels on which a fitted card does no better than `start`, on pairs that it has not
    seen: `start`. Log-loss judges, by cross-validation over FOLDS parts that share no record.
    """
    counts = pairs.counts()
    said = f"{pairs.apart:,} labels of records told apart, {pairs.same:,} said same"
    if not pairs.is_enough:
        needed = f"{LEAST_LABELS} are needed, {LEAST_OF_EACH} of either kind"
        words = f"{said}: too few ({needed}); {_name_of(kept)} stays"
        return Learned(kept, is_fitted=False, said=words, figures=counts)
    before = probabilities(logit(start, pairs.terms))
    tried = {strength: _out_of_fold(object_name, pairs, start, strength) for strength in STRENGTHS}
    losses = {strength: log_loss(predicted, pairs.is_same) for strength, predicted in tried.items()}
    best = min(STRENGTHS, key=lambda strength: (losses[strength], strength))
    loss_before = log_loss(before, pairs.is_same)
    is_better = losses[best] < loss_before
    figures = counts | {
        "folds": FOLDS,
        "log_loss_before": round(loss_before, 5),
        "log_loss_by_strength": {str(strength): round(loss, 5) for strength, loss in losses.items()},
        "strength": best if is_better else None,
        "calibration": calibration_bins(tried[best] if is_better else before, pairs.is_same),
    }
    compared = f"log-loss on pairs that it had not seen {losses[best]:.4f}, the shipped card's {loss_before:.4f}"
    if not is_better:
        said = f"{said}: a fitted card is no better ({compared}); the shipped card stays"
        return Learned(start, is_fitted=False, said=said, figures=figures)
    made_of = trained_on | counts | {"strength": best}
    card = fit_card(object_name, pairs.terms, pairs.is_same, prior=start, strength=best, trained_on=made_of)
    return Learned(card, is_fitted=True, said=f"{said}: the card is fitted to them ({compared})", figures=figures)


def _name_of(card: Card) -> str:
    return "the shipped card" if card.trained_on.get("labels") == "made up" else "the card fitted earlier"


def _out_of_fold(object_name: str, pairs: LabelledPairs, start: Card, strength: float) -> np.ndarray:
    """Return for each pair what a card says that was fitted without it, and without its records."""
    folds = folds_of(pairs.left, pairs.right, pairs.is_same)
    predicted = probabilities(logit(start, pairs.terms))
    for fold in range(FOLDS):
        tested = folds == fold
        known = pairs.is_same[~tested]
        # A part of one kind teaches nothing: there the card that one starts from stands.
        if tested.any() and 0 < known.sum() < len(known):
            card = fit_card(object_name, pairs.terms[~tested], known, prior=start, strength=strength)
            predicted[tested] = probabilities(logit(card, pairs.terms[tested]))
    return predicted
