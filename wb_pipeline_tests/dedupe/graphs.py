"""Random graphs and brute-force answers for the tests of clusters. No test stands here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from wb_pipeline.dedupe.clusters import Bans, Links, find_clusters

Pair = tuple[int, int]
MOST_NODES = 14


def links_of(pairs: Sequence[tuple[int, int, float]]) -> Links:
    """Return (left, right, probability) triples as links."""
    left, right, probability = zip(*pairs, strict=True) if pairs else ((), (), ())
    return Links(np.array(left, np.int64), np.array(right, np.int64), np.array(probability, np.float64))


def bans_of(pairs: Sequence[Pair]) -> Bans:
    """Return pairs as bans."""
    left, right = zip(*pairs, strict=True) if pairs else ((), ())
    return Bans(np.array(left, np.int64), np.array(right, np.int64))


def clusters(
    nodes: int,
    links: Sequence[tuple[int, int, float]],
    bans: Sequence[Pair] = (),
    doubts: Sequence[tuple[int, int, float]] = (),
) -> list[set[int]]:
    """Return the clusters with more than one node, by their smallest one."""
    labels = find_clusters(nodes, links_of(links), bans_of(bans), links_of(doubts))
    found: dict[int, set[int]] = {}
    for node, label in enumerate(labels.tolist()):
        found.setdefault(label, set()).add(node)
    assert all(label == min(members) for label, members in found.items())
    return [members for _, members in sorted(found.items()) if len(members) > 1]


def components(nodes: int, links: Iterable[Sequence[float]]) -> list[set[int]]:
    """Return all connected components by going from neighbour to neighbour."""
    parts = [{node} for node in range(nodes)]
    for left, right, *_ in links:
        joined = [part for part in parts if left in part or right in part]
        parts = [part for part in parts if part not in joined] + [set().union(*joined)]
    return sorted(parts, key=min)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, float]], list[Pair]]:
    """Draw (nodes, links, bans): each unordered pair at most once among the links."""
    nodes = draw(st.integers(2, MOST_NODES))
    pairs = list(combinations(range(nodes), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=30))
    # Few different values, so that ties are common.
    probabilities = [draw(st.sampled_from([0.9, 0.95, 0.99, 1.0])) for _ in chosen]
    bans = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=6))
    return nodes, [(*pair, p) for pair, p in zip(chosen, probabilities, strict=True)], bans
