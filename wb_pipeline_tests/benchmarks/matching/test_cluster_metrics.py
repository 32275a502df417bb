"""Figures about clusters, against figures worked out by hand and pair by pair."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.benchmarks.matching.cluster_metrics import ClusterFigures, cluster_figures
from wb_pipeline.benchmarks.matching.pair_metrics import PairFigures
from wb_pipeline.benchmarks.matching.rates import Rate

LABELS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), max_size=12)


def test_figures_worked_out_by_hand() -> None:
    """Clusters aab | cc | d against entities xx | y | zz | w: one wrong pair more, one pair found, one exact."""
    figures = cluster_figures(["1", "1", "1", "2", "2", "3"], ["x", "x", "y", "z", "z", "w"])
    assert figures.pairs == PairFigures(0.0, right=2, wrong=2, missed=0)
    assert figures.bcubed_precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)
    assert figures.bcubed_recall == 1.0
    assert figures.exact == Rate(1, 2)


def test_one_cluster_per_record_finds_nothing_and_breaks_nothing() -> None:
    """Doing nothing has a B-cubed precision of 1: it takes recall to tell."""
    figures = cluster_figures(["1", "2", "3"], ["x", "x", "x"])
    assert (figures.bcubed_precision, figures.bcubed_recall) == (1.0, pytest.approx(1 / 3))
    assert figures.pairs == PairFigures(0.0, 0, 0, 3)
    assert figures.exact == Rate(0, 1)


def test_no_records() -> None:
    """An empty CRM has figures too."""
    assert cluster_figures([], []) == ClusterFigures(PairFigures(0.0, 0, 0, 0), 0.0, 0.0, Rate(0, 0))


def test_lengths_that_differ_are_refused() -> None:
    """A record without its truth is a mistake of the caller."""
    with pytest.raises(ValueError, match="one cluster and one entity"):
        cluster_figures(["1"], [])


@given(LABELS)
def test_figures_agree_with_counting_pair_by_pair(labels: list[tuple[str, str]]) -> None:
    """The tables of overlaps are only a fast way to count."""
    figures = cluster_figures([cluster for cluster, _ in labels], [entity for _, entity in labels])
    pairs = [(a[0] == b[0], a[1] == b[1]) for a, b in combinations(labels, 2)]
    assert figures.pairs == PairFigures(
        0.0, *(pairs.count(kind) for kind in ((True, True), (True, False), (False, True)))
    )
    for own, value in ((0, figures.bcubed_precision), (1, figures.bcubed_recall)):
        shares = [sum(b == a for b in labels) / sum(b[own] == a[own] for b in labels) for a in labels]
        assert value == pytest.approx(sum(shares) / len(labels) if labels else 0.0)


@given(LABELS)
def test_clusters_and_entities_are_each_others_mirror(labels: list[tuple[str, str]]) -> None:
    """Swapped, precision and recall change places."""
    clusters, entities = [cluster for cluster, _ in labels], [entity for _, entity in labels]
    figures, mirrored = cluster_figures(clusters, entities), cluster_figures(entities, clusters)
    assert figures.bcubed_precision == pytest.approx(mirrored.bcubed_recall)
    assert (figures.pairs.wrong, figures.pairs.missed) == (mirrored.pairs.missed, mirrored.pairs.wrong)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=10))
def test_the_truth_itself_is_perfect(entities: list[str]) -> None:
    """Every figure is 1 where clusters are the entities."""
    figures = cluster_figures(entities, entities)
    assert (figures.bcubed_precision, figures.bcubed_recall, figures.bcubed_f1) == (1.0, 1.0, 1.0)
    assert figures.exact.hits == figures.exact.cases
    assert figures.pairs.wrong == figures.pairs.missed == 0
