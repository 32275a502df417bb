"""Joins the nodes of one component, best link first, where nothing speaks against it. Finds no components."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Link: TypeAlias = tuple[int, int]

# Two groups are one only if as many links lead across as this share of the smaller group has members: one link holds
# a pair to anything, but not three records to three others.
LEAST_LINKS_PER_MEMBER = 0.4
# And this share of all pairs across has to be linked: a record known to one member of eleven is not one of them.
LEAST_LINK_SHARE = 0.1


def join_best_first(links: Sequence[Link], bans: Mapping[int, set[int]]) -> dict[int, int]:
    """Return {node: smallest node of its group}. `links`: each pair once, best first.

    Goes through the links until no two groups can be joined: a refused pair of groups may find support in what was
    joined later. A ban is never outvoted.
    """
    groups = _Groups.of(links, bans)
    waiting = list(links)
    while waiting:
        refused = [link for link in waiting if not groups.join(link)]
        if len(refused) == len(waiting):
            break
        waiting = [link for link in refused if groups.is_open(link)]
    return {node: min(members) for members in groups.members.values() for node in members}


@dataclass
class _Groups:
    """The groups so far: `members` by group, `links` = number of links by (group, other), `bans` by group."""

    members: dict[int, list[int]]
    group_of: dict[int, int]
    links: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    bans: dict[int, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, links: Sequence[Link], bans: Mapping[int, set[int]]) -> _Groups:
        """Return every node as a group of its own."""
        nodes = dict.fromkeys(node for link in links for node in link)
        groups = cls({node: [node] for node in nodes}, {node: node for node in nodes})
        for left, right in links:
            groups.links[left][right] = groups.links[right][left] = 1
        groups.bans = {node: bans[node] & nodes.keys() for node in nodes if node in bans}
        return groups

    def join(self, link: Link) -> bool:
        """Join the two groups of a link if that is allowed; tell whether they are one now."""
        one, other = self.group_of[link[0]], self.group_of[link[1]]
        if one == other:
            return True
        if not self._may_join(one, other):
            return False
        self._merge(one, other)
        return True

    def is_open(self, link: Link) -> bool:
        """Tell whether a link's groups may be joined one day: no ban stands between them."""
        one, other = self.group_of[link[0]], self.group_of[link[1]]
        return one != other and other not in self.bans.get(one, ())

    def _may_join(self, one: int, other: int) -> bool:
        if other in self.bans.get(one, ()):
            return False
        across, sizes = self.links[one].get(other, 0), (len(self.members[one]), len(self.members[other]))
        return across >= LEAST_LINKS_PER_MEMBER * min(sizes) and across >= LEAST_LINK_SHARE * sizes[0] * sizes[1]

    def _merge(self, one: int, other: int) -> None:
        """Let the larger group take in the other: each node moves at most log2(n) times."""
        kept, gone = (one, other) if len(self.members[one]) >= len(self.members[other]) else (other, one)
        for node in self.members[gone]:
            self.group_of[node] = kept
        self.members[kept] += self.members.pop(gone)
        for neighbour, count in self.links.pop(gone, {}).items():
            del self.links[neighbour][gone]
            if neighbour != kept:
                total = self.links[kept].get(neighbour, 0) + count
                self.links[kept][neighbour] = self.links[neighbour][kept] = total
        for banned in self.bans.pop(gone, set()):
            self.bans[banned].discard(gone)
            self.bans[banned].add(kept)
            self.bans.setdefault(kept, set()).add(banned)
