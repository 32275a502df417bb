"""How well clusters agree with true entities. Knows no data and no clustering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wb_pipeline.benchmarks.matching.pair_metrics import PairFigures
from wb_pipeline.benchmarks.matching.rates import Rate

_Codes = NDArray[np.int64]


@dataclass(frozen=True)
class ClusterFigures:
    """Agreement of a clustering with the truth.

    `pairs`: all pairs inside clusters against all pairs inside entities. `bcubed_precision`: for a record on average,
    the share of its cluster that is its entity; `bcubed_recall`: the share of its entity that is in its cluster
    (Bagga and Baldwin 1998). `exact`: entities of two or more records that are one cluster, no more and no less.
    """

    pairs: PairFigures
    bcubed_precision: float
    bcubed_recall: float
    exact: Rate

    @property
    def bcubed_f1(self) -> float:
        """The harmonic mean of the two."""
        total = self.bcubed_precision + self.bcubed_recall
        return 2 * self.bcubed_precision * self.bcubed_recall / total if total else 0.0

    def as_json(self) -> dict[str, object]:
        """Return everything for the JSON report."""
        return {
            "pairs": self.pairs.as_json() | {"threshold": None},
            "bcubed_precision": self.bcubed_precision,
            "bcubed_recall": self.bcubed_recall,
            "bcubed_f1": self.bcubed_f1,
            "exact": self.exact.as_json(),
        }


def cluster_figures(clusters: Sequence[str], entities: Sequence[str]) -> ClusterFigures:
    """Compare clusters with entities: the n-th entry of each is the n-th record's cluster and entity.

    A record that is in no cluster is a cluster of its own, with a name that no other record has.
    Raises ValueError if the lengths differ.
    """
    if len(clusters) != len(entities):
        raise ValueError("every record needs one cluster and one entity")
    if not len(clusters):
        return ClusterFigures(PairFigures(0.0, 0, 0, 0), 0.0, 0.0, Rate(0, 0))
    cluster, cluster_size = _codes(clusters)
    entity, entity_size = _codes(entities)
    cells, overlap = np.unique(cluster * len(entity_size) + entity, return_counts=True)
    of_cluster, of_entity = cluster_size[cells // len(entity_size)], entity_size[cells % len(entity_size)]
    right, linked, true = (_pairs(sizes) for sizes in (overlap, cluster_size, entity_size))
    is_exact = (overlap == of_cluster) & (overlap == of_entity) & (of_entity > 1)
    return ClusterFigures(
        PairFigures(0.0, right, linked - right, true - right),
        float((overlap**2 / of_cluster).sum() / len(clusters)),
        float((overlap**2 / of_entity).sum() / len(clusters)),
        Rate(int(is_exact.sum()), int((entity_size > 1).sum())),
    )


def _codes(names: Sequence[str]) -> tuple[_Codes, _Codes]:
    """Give each name a number; return each record's number and the size per number."""
    _, codes, sizes = np.unique(np.asarray(names, dtype=object).astype(str), return_inverse=True, return_counts=True)
    return codes.astype(np.int64), sizes.astype(np.int64)


def _pairs(sizes: _Codes) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
