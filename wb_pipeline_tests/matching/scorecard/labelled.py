"""Made-up labelled pairs for the tests of the card: terms as a warehouse would hold them. Asserts nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.models.term import Number
from wb_pipeline.matching.scorecard.card import Card
from wb_pipeline.matching.scorecard.fit import logit
from wb_pipeline.matching.scorecard.learn import LabelledPairs

OBJECT = "company"


def card(name: dict[str, float], intercept: float = 0.0, **trained_on: object) -> Card:
    """Return a card that gives points to the levels of the name only."""
    return Card(OBJECT, intercept, {"name": name}, {}, dict(trained_on))


def labelled(pairs: int, truth: Card, seed: int = 1) -> LabelledPairs:
    """Return pairs of random levels, labelled as `truth` would bet; each pair is about two records of its own."""
    chance = np.random.default_rng(seed)
    columns = {}
    for term in MODELS[OBJECT].terms:
        is_number = isinstance(term, Number)
        columns[term.name] = (
            chance.integers(0, 2, pairs) if is_number else chance.choice(["one", "two", "three"], pairs)
        )
    terms = pd.DataFrame(columns)
    is_same = chance.random(pairs) < 1 / (1 + np.exp(-logit(truth, terms)))
    left = tuple(f"a{number:05}" for number in range(pairs))
    return LabelledPairs(terms, is_same, left, tuple(name.replace("a", "b") for name in left))
