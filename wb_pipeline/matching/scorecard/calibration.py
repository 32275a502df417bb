"""Does a probability mean what it says? Predicted against observed shares, with how sure that is. Fits nothing."""

from __future__ import annotations

import math

import numpy as np

EDGES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
"""Finer towards both ends, where decisions are made without a person."""
_MOST_LOGIT = 30.0
_Z = 1.96


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Return log-odds (natural logarithm) as probabilities, held within what `score` writes."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -_MOST_LOGIT, _MOST_LOGIT))))


def log_loss(predicted: np.ndarray, is_same: np.ndarray) -> float:
    """Return the mean surprise per label in nats; 0 is perfect, 0.693 is a coin."""
    held = np.clip(predicted, 1e-13, 1 - 1e-13)
    return float(np.mean(-np.where(is_same, np.log(held), np.log1p(-held))))


def calibration_bins(predicted: np.ndarray, is_same: np.ndarray) -> list[dict[str, float]]:
    """Return, per bin that holds pairs: low, high, pairs, predicted (mean), observed, and its 95 % interval.

    The interval is Wilson's (1927): it holds for few pairs too.
    """
    places = np.clip(np.searchsorted(EDGES, predicted, side="right") - 1, 0, len(EDGES) - 2)
    found = []
    for place in np.unique(places).tolist():
        inside = places == place
        pairs, same = int(inside.sum()), int(np.asarray(is_same)[inside].sum())
        low, high = _wilson(same, pairs)
        found.append(
            {
                "low": EDGES[place],
                "high": EDGES[place + 1],
                "pairs": pairs,
                "predicted": round(float(predicted[inside].mean()), 4),
                "observed": round(same / pairs, 4),
                "observed_low": round(low, 4),
                "observed_high": round(high, 4),
            }
        )
    return found


def _wilson(hits: int, cases: int) -> tuple[float, float]:
    share = hits / cases
    centre = share + _Z**2 / (2 * cases)
    spread = _Z * math.sqrt(share * (1 - share) / cases + _Z**2 / (4 * cases**2))
    scale = 1 + _Z**2 / cases
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
