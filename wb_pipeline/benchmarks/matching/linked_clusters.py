"""From kept scores to the clusters of one half, with their figures. How clusters are found is the project's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wb_pipeline.benchmarks.matching.cluster_metrics import ClusterFigures, cluster_figures
from wb_pipeline.dedupe.clusters import Bans, Links, find_clusters
from wb_pipeline.dedupe.components import connected_components

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from wb_pipeline.benchmarks.matching.scores import Linking

_NODES = """
create or replace temp table cluster_nodes as
select record_id, entity_id, half, row_number() over (order by record_id) - 1 as node
from labelled.halves where object = ?
"""
_EDGES = """
select one.node, other.node, scores.score, scores.has_conflict
from labelled.scores as scores
inner join cluster_nodes as one on one.record_id = scores.left_id
inner join cluster_nodes as other on other.record_id = scores.right_id
where scores.method = $method and scores.object = $object
order by one.node, other.node
"""


def clustered(con: duckdb.DuckDBPyConnection, linking: Linking, *, is_plain: bool) -> ClusterFigures:
    """Cluster all records of the object and compare those of the linking's half with their entities.

    `is_plain` takes connected components, as a newcomer would; otherwise conflicts keep records apart, and what scores
    below the threshold speaks against joining groups, as in the project's own dedupe.
    """
    con.execute(_NODES, [linking.object])
    which = {"method": linking.method, "object": linking.object}
    edges = [np.asarray(column) for column in con.execute(_EDGES, which).fetchnumpy().values()]
    nodes = con.execute("select entity_id, half from cluster_nodes order by node").fetchall()
    labels = _labels(len(nodes), edges, linking.threshold, is_plain=is_plain)
    own = [node for node, (_, half) in enumerate(nodes) if half == linking.half]
    return cluster_figures([str(labels[node]) for node in own], [nodes[node][0] for node in own])


def _labels(count: int, edges: list[NDArray[np.generic]], threshold: float, *, is_plain: bool) -> NDArray[np.int64]:
    left, right = (ends.astype(np.int64) for ends in edges[:2])
    scores, is_banned = edges[2].astype(np.float64), edges[3].astype(np.bool_)
    is_linked = scores >= threshold
    if is_plain:
        return connected_components(count, left[is_linked], right[is_linked])

    def those(chosen: NDArray[np.bool_]) -> Links:
        return Links(left[chosen], right[chosen], scores[chosen])

    bans = Bans(left[is_banned], right[is_banned])
    return find_clusters(count, those(is_linked & ~is_banned), bans, doubts=those(~is_linked & ~is_banned))
