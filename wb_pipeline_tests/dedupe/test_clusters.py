"""Links, conflicts and bans become clusters."""

from __future__ import annotations

import random
import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.dedupe.clusters import Bans, Links, find_clusters
from wb_pipeline.dedupe.components import connected_components
from wb_pipeline_tests.dedupe.graphs import Pair, bans_of, clusters, components, graphs, links_of

TRIANGLES = [(0, 1, 0.99), (0, 2, 0.99), (1, 2, 0.99), (3, 4, 0.99), (3, 5, 0.99), (4, 5, 0.99)]


def test_linked_records_are_one_cluster() -> None:
    """IDN-10: what is linked, also through a third record, is one cluster."""
    assert clusters(6, [(0, 1, 0.95), (1, 2, 0.9), (4, 5, 0.99)]) == [{0, 1, 2}, {4, 5}]


def test_conflict_cuts_a_chain_at_its_weaker_link() -> None:
    """IDN-10: two records that are known to differ never share a cluster; the better link stays."""
    assert clusters(3, [(0, 1, 0.95), (1, 2, 0.99)], [(0, 2)]) == [{1, 2}]
    assert clusters(3, [(0, 1, 0.99), (1, 2, 0.95)], [(0, 2)]) == [{0, 1}]


def test_ban_outvotes_every_link() -> None:
    """HYG-3: a pair that is banned is not one, however sure its own link is."""
    assert clusters(2, [(0, 1, 1.0)], [(0, 1)]) == []
    assert clusters(4, [(0, 1, 1.0), (0, 2, 0.9), (1, 2, 0.95), (2, 3, 0.99)], [(1, 0)]) == [{1, 2, 3}]


def test_one_link_does_not_join_two_dense_groups() -> None:
    """IDN-10: a single link between two groups of three is no reason to merge six records."""
    assert clusters(6, [*TRIANGLES, (2, 3, 0.95)]) == [{0, 1, 2}, {3, 4, 5}]
    assert clusters(6, [*TRIANGLES, (2, 3, 0.95), (1, 4, 0.95)]) == [{0, 1, 2, 3, 4, 5}]


def test_record_between_two_dense_groups_does_not_join_them() -> None:
    """IDN-10: nor is a chain through a record of its own: it goes with one of them."""
    moved = [(left + (left > 2), right + (right > 2), p) for left, right, p in TRIANGLES]
    assert clusters(7, [*moved, (2, 3, 0.98), (3, 4, 0.95)]) == [{0, 1, 2, 3}, {4, 5, 6}]


def test_hub_does_not_gather_what_is_linked_with_it_alone() -> None:
    """IDN-10: a shared mailbox that is like fifty people does not make them one person."""
    (found,) = clusters(51, [(0, node, 0.95) for node in range(1, 51)])
    assert len(found) == 11


def test_a_complete_component_is_one_cluster_whatever_its_size() -> None:
    """IDN-10: size alone is no reason to cut."""
    pairs = [(left, right, 0.95) for right in range(40) for left in range(right)]
    assert clusters(40, pairs) == [set(range(40))]


def test_record_that_is_like_everybody_joins_one_of_them() -> None:
    """IDN-10: a record with a name alone is like four namesakes who were compared and are not like each other."""
    hub = [(0, node, 0.9) for node in range(1, 5)]
    apart = [(left, right, 0.05) for right in range(1, 5) for left in range(1, right)]
    assert clusters(5, hub, doubts=apart) == [{0, 1}]
    assert clusters(5, [*hub[:2], (0, 3, 0.95)], doubts=apart) == [{0, 3}]


def test_slight_doubt_does_not_cut_a_sure_link() -> None:
    """IDN-10: two sides of a triangle at 0.95, the third at 0.4: one person who changed jobs in between."""
    assert clusters(3, [(0, 1, 0.95), (1, 2, 0.95)], doubts=[(0, 2, 0.4)]) == [{0, 1, 2}]
    assert clusters(3, [(0, 1, 0.95), (1, 2, 0.9)], doubts=[(0, 2, 0.01)]) == [{0, 1}]


@given(graphs(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(
    graph: tuple[int, list[tuple[int, int, float]], list[Pair]], chance: random.Random
) -> None:
    """IDN-11: equal pairs in any order, either way round, give equal clusters."""
    nodes, links, bans = graph
    turned = [(right, left, p) if chance.random() < 0.5 else (left, right, p) for left, right, p in links]
    chance.shuffle(turned)
    shuffled = [(right, left) for left, right in chance.sample(bans, len(bans))]
    assert clusters(nodes, turned, shuffled) == clusters(nodes, links, bans)
    known = {link[:2] for link in links}
    doubts = [(*pair, 0.3) for pair in bans if pair not in known]
    turned_doubts = [(right, left, p) for left, right, p in chance.sample(doubts, len(doubts))]
    assert clusters(nodes, turned, (), turned_doubts) == clusters(nodes, links, (), doubts)


@given(graphs())
def test_no_cluster_holds_a_banned_pair(graph: tuple[int, list[tuple[int, int, float]], list[Pair]]) -> None:
    """HYG-3, IDN-10: whatever the links say."""
    nodes, links, bans = graph
    for cluster in clusters(nodes, links, bans):
        assert not [pair for pair in bans if cluster.issuperset(pair)]


@given(graphs())
def test_a_cluster_is_connected_by_its_own_links(
    graph: tuple[int, list[tuple[int, int, float]], list[Pair]],
) -> None:
    """IDN-10: a cluster is a part of one component, and holds together without records outside it."""
    nodes, links, bans = graph
    for cluster in clusters(nodes, links, bans):
        inner = [link for link in links if {link[0], link[1]} <= cluster]
        assert cluster in components(nodes, inner)


@given(graphs())
def test_small_component_without_conflict_is_left_whole(
    graph: tuple[int, list[tuple[int, int, float]], list[Pair]],
) -> None:
    """IDN-10: up to five records that hang together are one cluster; only a conflict cuts them."""
    nodes, links, _ = graph
    found = clusters(nodes, links)
    assert [part for part in components(nodes, links) if 1 < len(part) <= 5 and part not in found] == []


@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=60))
    )
)
def test_components_are_those_of_a_walk(graph: tuple[int, list[Pair]]) -> None:
    """IDN-10: the array form finds what going from neighbour to neighbour finds."""
    nodes, pairs = graph
    bans = bans_of(pairs)
    labels = connected_components(nodes, bans.left, bans.right)
    expected = {node: min(part) for part in components(nodes, pairs) for node in part}
    assert labels.tolist() == [expected[node] for node in range(nodes)]


def test_a_million_records_take_seconds() -> None:
    """IDN-10: 400,000 links among a million records, a tenth of them in contested components."""
    chance = np.random.default_rng(1)
    left = chance.integers(0, 1_000_000, 400_000)
    right = np.minimum(left + chance.integers(1, 8, 400_000), 999_999)
    is_pair = left != right
    pairs = np.unique(np.stack([left[is_pair], right[is_pair]]), axis=1)
    links = Links(pairs[0], pairs[1], chance.uniform(0.9, 1, pairs.shape[1]))
    bans = Bans(pairs[0][::20], pairs[1][::20])
    started = time.process_time()
    doubts = Links(pairs[0][1::7], pairs[0][1::7] + 9, np.full(len(pairs[0][1::7]), 0.3))
    is_there = doubts.right < 1_000_000
    doubts = Links(doubts.left[is_there], doubts.right[is_there], doubts.probability[is_there])
    labels = find_clusters(1_000_000, links, bans, doubts)
    assert time.process_time() - started < 30
    assert not (labels[bans.left] == labels[bans.right]).any()


def test_no_links_no_clusters() -> None:
    """IDN-10: an empty CRM, and one without duplicates."""
    assert find_clusters(0, links_of([]), bans_of([]), links_of([])).tolist() == []
    assert find_clusters(3, links_of([]), bans_of([(0, 1)]), links_of([(1, 2, 0.1)])).tolist() == [0, 1, 2]
