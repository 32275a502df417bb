"""Which labelled pairs are tested together: what is about one entity is never learned from and tested at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wb_pipeline.canonical import text_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDS = 5
_LARGEST_GROUP = 0.4
"""A group with more of the labels than this leaves too little to learn from; then only pairs said same bind records."""


def folds_of(left: Sequence[str], right: Sequence[str], is_same: np.ndarray) -> np.ndarray:
    """Return the fold (0 to FOLDS - 1) of each labelled pair; the order of the pairs does not matter.

    Pairs that share a record, also through other pairs, are in one fold. Where nearly all hang together like that, only
    those of one entity are.
    """
    names = sorted({*left, *right})
    number = {name: place for place, name in enumerate(names)}
    ends = np.array([[number[name] for name in left], [number[name] for name in right]])
    groups = _components(len(names), ends)[ends[0]]
    if np.bincount(groups).max() > _LARGEST_GROUP * len(groups):
        groups = _components(len(names), ends[:, np.asarray(is_same, bool)])[ends[0]]
    return _balanced(groups, [f"{one} {other}" for one, other in zip(left, right, strict=True)])


def _components(nodes: int, ends: np.ndarray) -> np.ndarray:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(ends.shape[1]), (ends[0], ends[1])), shape=(nodes, nodes))
    return np.asarray(connected_components(links, directed=False)[1])


def _balanced(groups: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Give each group to the fold with the fewest pairs so far, in an order that only names decide."""
    sizes = np.bincount(groups)
    marks: dict[int, str] = {}
    for group, name in zip(groups.tolist(), names, strict=True):
        mark = text_hash(name)
        marks[group] = min(mark, marks.get(group, mark))
    filled = [0] * FOLDS
    fold_of = np.zeros(len(sizes), dtype=int)
    for group in sorted(marks, key=lambda each: (-sizes[each], marks[each])):
        fold_of[group] = filled.index(min(filled))
        filled[fold_of[group]] += int(sizes[group])
    return np.asarray(fold_of[groups])
