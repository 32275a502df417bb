"""Folds keep the pairs of one entity together."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.matching.scorecard.folds import FOLDS, folds_of

Pair = tuple[int, int, bool]
PAIRS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(201, 400), st.booleans()), min_size=1, max_size=60, unique=True
)


def folds(pairs: list[Pair]) -> list[int]:
    """Return the fold of each pair."""
    left, right, is_same = zip(*pairs, strict=True)
    return folds_of([f"r{each}" for each in left], [f"r{each}" for each in right], np.array(is_same)).tolist()


@given(PAIRS)
def test_pairs_of_one_entity_are_in_one_fold(pairs: list[Pair]) -> None:
    """IDN-2: a card is never tested on an entity that it learned from."""
    fold_of_record: dict[int, int] = {}
    same = [(pair, fold) for pair, fold in zip(pairs, folds(pairs), strict=True) if pair[2]]
    for (left, right, _), fold in same:
        assert fold_of_record.setdefault(left, fold) == fold
        assert fold_of_record.setdefault(right, fold) == fold


@given(PAIRS, st.randoms(use_true_random=False))
def test_order_does_not_matter(pairs: list[Pair], chance: random.Random) -> None:
    """IDN-2: the same labels in another order are parted in the same way."""
    before = dict(zip(pairs, folds(pairs), strict=True))
    shuffled = chance.sample(pairs, len(pairs))
    assert dict(zip(shuffled, folds(shuffled), strict=True)) == before


def test_folds_are_of_like_size() -> None:
    """IDN-2: pairs that share nothing are spread evenly; one that nearly all share does not put all into one fold."""
    apart = folds([(number, 1_000 + number, False) for number in range(100)])
    assert np.bincount(apart, minlength=FOLDS).tolist() == [20] * FOLDS
    hub = folds(
        [(0, 1_000 + number, False) for number in range(100)] + [(number, 2_000, True) for number in range(1, 9)]
    )
    assert len(set(hub)) > 1
