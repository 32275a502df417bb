"""Connected components of a graph given as two arrays, without a loop over its edges. Knows no records."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Nodes: TypeAlias = NDArray[np.int64]


def connected_components(node_count: int, left: Nodes, right: Nodes) -> Nodes:
    """Return for each node the smallest node that it is connected with.

    Every tree hooks onto its smallest neighbour, then all paths are cut short: each round at least halves the trees
    that still have a smaller neighbour (Shiloach and Vishkin 1982, with minimum hooking).
    """
    labels = np.arange(node_count, dtype=np.int64)
    while len(left):
        roots_left, roots_right = labels[left], labels[right]
        lower = np.minimum(roots_left, roots_right)
        np.minimum.at(labels, np.maximum(roots_left, roots_right), lower)
        labels = _cut_short(labels)
        is_open = labels[left] != labels[right]
        left, right = left[is_open], right[is_open]
    return labels


def _cut_short(labels: Nodes) -> Nodes:
    """Return the labels with every node pointing at its root."""
    while not np.array_equal(further := labels[labels], labels):
        labels = further
    return labels
