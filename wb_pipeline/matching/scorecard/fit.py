"""Fits a card to labelled pairs: logistic regression, shrunk towards a card that is there already. Reads no CRM.

With few labels the shipped card is nearly kept, with many it is nearly forgotten: its score goes in as one strong
feature, and each term may correct it as far as the labels pay for that (L2 penalty).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.models.term import Number
from wb_pipeline.matching.scorecard.card import MOST_POINTS, Card

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from scipy.sparse import csr_matrix

LEAST_LABELS = 200
"""Fewer labels teach less than they mislead: the shipped card stays as it is."""
LEAST_OF_EACH = 30
"""So many labels of either kind are needed: one-sided labels say nothing about where the border runs."""
_PRIOR_SCALE = 10.0
"""The prior card's score counts this much more than a term: the penalty hardly reaches it."""


def fit_card(
    object_name: str,
    terms: pd.DataFrame,
    is_same: np.ndarray,
    *,
    prior: Card | None = None,
    strength: float = 1.0,
    trained_on: dict[str, object] | None = None,
) -> Card:
    """Return a card for pairs of `matching.pair_terms` with their labels. Deterministic in the order of rows.

    `strength` is the inverse of the penalty (C of the regression). Raises ValueError with labels of one kind only.
    """
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    columns, matrix = design(object_name, terms)
    start = prior or Card(object_name, 0.0, {}, {})
    if prior:
        # Hardly penalized, so that the card that is there is kept unless the labels speak against it.
        matrix = sparse.hstack([matrix, sparse.csr_matrix(logit(prior, terms)[:, None] * _PRIOR_SCALE)], format="csr")
    model = LogisticRegression(C=strength, max_iter=1000, tol=1e-5).fit(matrix, is_same)
    weights = model.coef_[0]
    kept = float(weights[-1] * _PRIOR_SCALE) if prior else 0.0
    intercept = round(float(model.intercept_[0]) + start.intercept * kept, 4)
    return _corrected(start, kept, intercept, zip(columns, weights, strict=False), trained_on or {})


def design(object_name: str, terms: pd.DataFrame) -> tuple[list[tuple[str, str, str]], csr_matrix]:
    """Return (kind, term, category) per column, and the sparse matrix of pairs by columns.

    Numbers go in as they are: all of them are logarithms, counts of signs or flags, of like size.
    """
    from scipy import sparse

    columns: list[tuple[str, str, str]] = []
    parts = []
    for term in MODELS[object_name].terms:
        if isinstance(term, Number):
            columns.append(("number", term.name, ""))
            parts.append(sparse.csr_matrix(np.nan_to_num(terms[term.name].to_numpy(dtype=float))[:, None]))
            continue
        codes, categories = terms[term.name].factorize(sort=True)
        columns += [("category", term.name, str(category)) for category in categories]
        rows = np.flatnonzero(codes >= 0)
        shape = (len(terms), len(categories))
        parts.append(sparse.csr_matrix((np.ones(len(rows)), (rows, codes[rows])), shape=shape))
    return columns, sparse.hstack(parts, format="csr")


def logit(card: Card, terms: pd.DataFrame) -> np.ndarray:
    """Return each pair's log-odds by a card."""
    total = np.full(len(terms), card.intercept)
    for term in MODELS[card.object].terms:
        if isinstance(term, Number):
            total += np.nan_to_num(terms[term.name].to_numpy(dtype=float)) * card.numbers.get(term.name, 0.0)
        else:
            points = card.categories.get(term.name, {})
            total += terms[term.name].map(points).fillna(0.0).to_numpy(dtype=float)
    return total


def _corrected(
    start: Card,
    kept: float,
    intercept: float,
    weights: Iterable[tuple[tuple[str, str, str], float]],
    trained_on: dict[str, object],
) -> Card:
    """Return the points of `start` times `kept`, plus what was learned per column."""
    categories = {
        term: {name: value * kept for name, value in points.items()} for term, points in start.categories.items()
    }
    numbers = {name: value * kept for name, value in start.numbers.items()}
    for (kind, term, category), weight in weights:
        if kind == "number":
            numbers[term] = numbers.get(term, 0.0) + float(weight)
        else:
            of_term = categories.setdefault(term, {})
            of_term[category] = of_term.get(category, 0.0) + float(weight)
    return Card(
        start.object,
        intercept,
        {term: {name: _held(value) for name, value in points.items()} for term, points in categories.items()},
        {name: _held(value) for name, value in numbers.items()},
        trained_on,
    )


def _held(points: float) -> float:
    return round(float(np.clip(points, -MOST_POINTS, MOST_POINTS)), 4)
