"""Entity ids that stay from run to run: who keeps an id when clusters grow, split, merge or end (IDN-11). No tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from wb_pipeline.dedupe.id_trail import NONE, Trail, trail_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Carried:
    """`ids`: the entity number of each record, NONE for records that are gone. `next_number` was never given away."""

    ids: Numbers
    next_number: int
    trail: Trail


@dataclass(frozen=True)
class Overlaps:
    """Old entities and new clusters that share records: how many, and the row of the oldest one. Grain: such a pair."""

    entity: Numbers
    cluster: Numbers
    records: Numbers
    oldest: Numbers


def carry_ids(previous: Numbers, clusters: Numbers, next_number: int) -> Carried:
    """Give each cluster an entity number; equal input, equal numbers; a number that ended never comes back.

    One row per record, oldest record first: its entity number at the last run (NONE: it was not there) and its cluster
    now (NONE: it is gone). The largest overlap keeps the number: after a split ties go to the part with the oldest
    record, after a merge to the older number. All other clusters get new numbers from `next_number` on, in the order
    of their oldest records.
    """
    overlaps = _overlaps(previous, clusters)
    kept = _keepers(overlaps)
    labels, oldest = np.unique(clusters[clusters != NONE], return_index=True)
    numbers = np.full(len(labels), NONE, dtype=np.int64)
    numbers[np.searchsorted(labels, overlaps.cluster[kept])] = overlaps.entity[kept]
    is_new = numbers == NONE
    by_age = np.argsort(oldest[is_new])
    fresh = np.empty(len(by_age), dtype=np.int64)
    fresh[by_age] = np.arange(next_number, next_number + len(by_age))
    numbers[is_new] = fresh
    ids = np.full(len(clusters), NONE, dtype=np.int64)
    ids[clusters != NONE] = numbers[np.searchsorted(labels, clusters[clusters != NONE])]
    return Carried(ids, next_number + len(by_age), trail_of(previous, ids))


def _overlaps(previous: Numbers, clusters: Numbers) -> Overlaps:
    rows = np.flatnonzero((previous != NONE) & (clusters != NONE))
    order = rows[np.lexsort((rows, clusters[rows], previous[rows]))]
    if not len(order):
        return Overlaps(order, order, order, order)
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (np.diff(previous[order]) != 0) | (np.diff(clusters[order]) != 0)
    starts = np.flatnonzero(is_first)
    counts = np.diff(np.append(starts, len(order)))
    oldest = order[starts]
    return Overlaps(previous[oldest], clusters[oldest], counts.astype(np.int64), oldest)


def _keepers(overlaps: Overlaps) -> Numbers:
    """Return the positions of the overlaps whose cluster keeps the entity's number: largest first, each side once."""
    is_alone = _occurs_once(overlaps.entity) & _occurs_once(overlaps.cluster)
    contested = np.flatnonzero(~is_alone)
    order = contested[
        np.lexsort((overlaps.oldest[contested], overlaps.entity[contested], -overlaps.records[contested]))
    ]
    entities: set[int] = set()
    clusters: set[int] = set()
    kept = []
    for position in order.tolist():
        entity, cluster = int(overlaps.entity[position]), int(overlaps.cluster[position])
        if entity not in entities and cluster not in clusters:
            entities.add(entity)
            clusters.add(cluster)
            kept.append(position)
    return np.concatenate([np.flatnonzero(is_alone), np.array(kept, dtype=np.int64)])


def _occurs_once(values: Numbers) -> NDArray[np.bool_]:
    _, positions, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: NDArray[np.bool_] = counts[positions] == 1
    return found
