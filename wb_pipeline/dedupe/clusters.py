"""Clusters over linked pairs: whole components where nothing speaks against it, cut apart elsewhere. No tables here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from wb_pipeline.dedupe.agglomeration import Link, join_best_first
from wb_pipeline.dedupe.components import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Nodes: TypeAlias = NDArray[np.int64]
    Reals: TypeAlias = NDArray[np.float64]

# Components of this size or less hold no two groups that `join_best_first` would keep apart, save for a conflict.
UNQUESTIONED_SIZE = 5


@dataclass(frozen=True)
class Links:
    """Pairs that are held to be one: node numbers, and how sure that is. Each unordered pair once."""

    left: Nodes
    right: Nodes
    probability: Reals


@dataclass(frozen=True)
class Bans:
    """Pairs that must not end in one cluster, whatever links them: conflicts, and what a person judged different."""

    left: Nodes
    right: Nodes


def find_clusters(node_count: int, links: Links, bans: Bans, doubts: Links) -> Nodes:
    """Return for each node the smallest node of its cluster; the order of links, bans and doubts does not matter.

    `doubts` are compared pairs that were found less likely than a link takes: they speak against joining their groups.
    No cluster holds a banned pair; each lies within one connected component. Nodes are numbered by the caller: ties
    between equally good links go to the smaller numbers.
    """
    components = connected_components(node_count, links.left, links.right)
    is_inside = (components[bans.left] == components[bans.right]) & (bans.left != bans.right)
    banned_left, banned_right = bans.left[is_inside], bans.right[is_inside]
    doubts = _within(components, doubts)
    speaks_against = np.concatenate([components[banned_left], components[doubts.left]])
    questioned = _questioned(components, links, speaks_against)
    labels = np.where(questioned[components], np.arange(node_count, dtype=np.int64), components)
    bans_of = _by_node(banned_left, banned_right)
    doubts_of = _by_component(components, doubts)
    for component in _best_first(questioned, components, links):
        doubted = doubts_of.get(int(components[component[0].left]), [])
        for node, label in join_best_first(component, doubted, bans_of).items():
            labels[node] = label
    return labels


def _questioned(components: Nodes, links: Links, speaks_against: Nodes) -> NDArray[np.bool_]:
    """Return which components have to be looked at: with a ban or doubt inside, or large and not complete."""
    sizes = np.bincount(components, minlength=len(components))
    link_counts = np.bincount(components[links.left], minlength=len(components))
    found = (sizes > UNQUESTIONED_SIZE) & (link_counts < sizes * (sizes - 1) // 2)
    found[speaks_against] = True
    return found


def _best_first(questioned: NDArray[np.bool_], components: Nodes, links: Links) -> Iterator[list[Link]]:
    """Yield the links of each questioned component, best first; equally good ones by their nodes."""
    chosen = np.flatnonzero(questioned[components[links.left]])
    left, right = links.left[chosen], links.right[chosen]
    low, high, probability = np.minimum(left, right), np.maximum(left, right), links.probability[chosen]
    component = components[left]
    order = np.lexsort((high, low, -probability, component))
    borders = np.flatnonzero(np.diff(component[order])) + 1
    for part in np.split(order, borders):
        if len(part):
            yield list(map(Link, low[part].tolist(), high[part].tolist(), probability[part].tolist()))


def _within(components: Nodes, pairs: Links) -> Links:
    """Return the pairs whose two nodes are in one component."""
    chosen = np.flatnonzero((components[pairs.left] == components[pairs.right]) & (pairs.left != pairs.right))
    return Links(pairs.left[chosen], pairs.right[chosen], pairs.probability[chosen])


def _by_component(components: Nodes, pairs: Links) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = {}
    columns = (components[pairs.left].tolist(), pairs.left.tolist(), pairs.right.tolist(), pairs.probability.tolist())
    for component, *pair in zip(*columns, strict=True):
        found.setdefault(component, []).append(Link(*pair))
    return found


def _by_node(left: Nodes, right: Nodes) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found
