"""Precision and recall of pairs at thresholds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.benchmarks.matching.pair_metrics import PairCurve, PairFigures, pair_curve

Pairs = list[tuple[float, bool]]

PAIRS = st.lists(st.tuples(st.integers(0, 5).map(float), st.booleans()), max_size=30)


def curve_of(pairs: Pairs, missing: int = 0) -> PairCurve:
    """The curve of candidates, when `missing` true pairs more never became candidates."""
    scores = np.array([score for score, _ in pairs], dtype=np.float64)
    truths = np.array([truth for _, truth in pairs], dtype=np.bool_)
    return pair_curve(scores, truths, int(truths.sum()) + missing)


def by_hand(pairs: Pairs, missing: int, threshold: float) -> PairFigures:
    """The figures at a threshold, pair by pair."""
    right = sum(truth for score, truth in pairs if score >= threshold)
    wrong = sum(not truth for score, truth in pairs if score >= threshold)
    return PairFigures(threshold, right, wrong, sum(truth for _, truth in pairs) + missing - right)


EXAMPLE: Pairs = [(9, True), (8, True), (8, False), (7, True), (5, False), (4, True)]


def test_at_a_threshold_pairs_at_and_above_it_are_linked() -> None:
    """Worked out by hand: 3 of 4 linked are right, 3 of 5 true pairs are linked."""
    figures = curve_of(EXAMPLE, missing=1).at(7)
    assert figures == PairFigures(7, right=3, wrong=1, missed=2)
    assert figures.precision.value == 0.75
    assert figures.recall.value == 0.6
    assert figures.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)


def test_pairs_that_were_never_candidates_are_missed() -> None:
    """Blocking that finds little cannot look good."""
    assert curve_of([(1, True)], missing=9).at(0).recall.value == 0.1


def test_pairs_of_one_score_are_linked_together() -> None:
    """The right pair at 8 cannot be had without the wrong one."""
    assert curve_of(EXAMPLE).at_precision(1.0) == PairFigures(9, right=1, wrong=0, missed=3)


def test_at_precision_takes_the_largest_recall_even_where_precision_dips_in_between() -> None:
    """Precision 2 of 3 at score 8, but 3 of 4 again at 7."""
    assert curve_of(EXAMPLE).at_precision(0.75) == PairFigures(7, right=3, wrong=1, missed=1)


def test_at_precision_99_of_100_counts_as_a_precision_of_099() -> None:
    """A share that is met exactly is met, whatever the rounding."""
    for size in (100, 700, 2_900):
        pairs = [(1.0, number >= size // 100) for number in range(size)]
        assert curve_of(pairs).at_precision(0.99).right == size - size // 100


def test_at_precision_links_nothing_when_no_threshold_is_good_enough() -> None:
    """An unreachable precision has a recall of 0, not an error and not a guess."""
    figures = curve_of([(1, False), (0, True)]).at_precision(0.9)
    assert figures.threshold == math.inf
    assert (figures.recall.value, figures.precision.value, figures.f1) == (0.0, None, 0.0)
    assert figures.as_json()["threshold"] is None


def test_no_candidates_at_all() -> None:
    """An empty CRM has figures too."""
    curve = curve_of([])
    assert curve.best_f1() == curve.at_precision(0.5) == PairFigures(math.inf, 0, 0, 0)
    assert curve.at(0.0) == PairFigures(0.0, 0, 0, 0)


@pytest.mark.parametrize(
    ("scores", "truths", "true_pairs", "words"),
    [
        ([1.0], [True, False], 1, "one score"),
        ([math.nan], [True], 1, "is a number"),
        ([1.0, 2.0], [True, True], 1, "only 1 pairs"),
    ],
)
def test_pairs_that_cannot_be_counted_are_refused(
    scores: list[float], truths: list[bool], true_pairs: int, words: str
) -> None:
    """A figure from broken input is worse than none."""
    with pytest.raises(ValueError, match=words):
        pair_curve(np.array(scores), np.array(truths), true_pairs)


@given(PAIRS, st.integers(0, 5), st.integers(-1, 6))
def test_at_agrees_with_counting_pair_by_pair(pairs: Pairs, missing: int, threshold: int) -> None:
    """The curve is only a fast way to count."""
    assert curve_of(pairs, missing).at(float(threshold)) == by_hand(pairs, missing, threshold)


@given(PAIRS, st.integers(0, 5), st.sampled_from([0.0, 0.5, 0.75, 0.9, 1.0]))
def test_at_precision_and_best_f1_agree_with_trying_every_threshold(pairs: Pairs, missing: int, least: float) -> None:
    """No threshold has a better F1, and none with the precision has a better recall."""
    curve = curve_of(pairs, missing)
    tried = [by_hand(pairs, missing, score) for score, _ in pairs]
    assert curve.best_f1().f1 == pytest.approx(max((figures.f1 for figures in tried), default=0.0))
    good = [figures.right for figures in tried if figures.right and figures.precision.value >= least]
    chosen = curve.at_precision(least)
    assert chosen.right == max(good, default=0)
    assert not chosen.right or chosen.precision.value >= least


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(pairs: Pairs, chance) -> None:
    """Equal input, equal figures."""
    shuffled = pairs.copy()
    chance.shuffle(shuffled)
    one, other = curve_of(pairs), curve_of(shuffled)
    assert [one.thresholds.tolist(), one.right.tolist(), one.wrong.tolist()] == [
        other.thresholds.tolist(), other.right.tolist(), other.wrong.tolist(),
    ]  # fmt: skip


@given(PAIRS)
def test_recall_never_falls_as_the_threshold_falls(pairs: Pairs) -> None:
    """Linking more cannot miss more."""
    curve = curve_of(pairs, missing=1)
    recalls = [curve.at(float(threshold)).recall.value for threshold in range(6, -1, -1)]
    assert recalls == sorted(recalls)
