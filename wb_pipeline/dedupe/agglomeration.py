"""Joins the nodes of one component, best link first, where nothing speaks against it. Finds no components."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# Two groups are one only if as many links lead across as this share of the smaller group has members: one link holds
# a pair to anything, but not three records to three others.
LEAST_LINKS_PER_MEMBER = 0.4
# And this share of all pairs across has to be linked: a record known to one member of eleven is not one of them.
LEAST_LINK_SHARE = 0.1
# One pair is no more certain than this, whichever way: a single score of 0.9999 does not outvote ten doubts.
_SUREST = 0.99


class Link(NamedTuple):
    """Two nodes and the probability that they are one."""

    left: int
    right: int
    probability: float


class _Tie(NamedTuple):
    """What stands between two groups: how many links, and the sum of the log-odds of all compared pairs."""

    links: int
    log_odds: float


def join_best_first(links: Sequence[Link], doubts: Sequence[Link], bans: Mapping[int, set[int]]) -> dict[int, int]:
    """Return {node: smallest node of its group}. `links`: each pair once, best first; `doubts`: unlikely pairs.

    Two groups are joined if the compared pairs between them, links and doubts together, speak for it: the sum of their
    log-odds is above 0 (greedy additive contraction, as in correlation clustering). Goes through the links until no two
    groups can be joined: a refused pair of groups may find support in what was joined later. A ban is never outvoted.
    """
    groups = _Groups.of(links, doubts, bans)
    waiting = list(links)
    while waiting:
        refused = [link for link in waiting if not groups.join(link)]
        if len(refused) == len(waiting):
            break
        waiting = [link for link in refused if groups.is_open(link)]
    return {node: min(members) for members in groups.members.values() for node in members}


@dataclass
class _Groups:
    """The groups so far: `members` by group, `ties` by (group, other), `bans` by group."""

    members: dict[int, list[int]]
    group_of: dict[int, int]
    ties: dict[int, dict[int, _Tie]] = field(default_factory=lambda: defaultdict(dict))
    bans: dict[int, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, links: Sequence[Link], doubts: Sequence[Link], bans: Mapping[int, set[int]]) -> _Groups:
        """Return every node as a group of its own."""
        nodes = dict.fromkeys(node for link in links for node in link[:2])
        groups = cls({node: [node] for node in nodes}, {node: node for node in nodes})
        for pairs, link_count in ((doubts, 0), (links, 1)):
            for left, right, probability in pairs:
                groups.ties[left][right] = groups.ties[right][left] = _Tie(link_count, _log_odds(probability))
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
        tie, sizes = self.ties[one][other], (len(self.members[one]), len(self.members[other]))
        is_wide = tie.links >= LEAST_LINKS_PER_MEMBER * min(sizes) and tie.links >= LEAST_LINK_SHARE * math.prod(sizes)
        return is_wide and tie.log_odds > 0

    def _merge(self, one: int, other: int) -> None:
        """Let the larger group take in the other: each node moves at most log2(n) times."""
        kept, gone = (one, other) if len(self.members[one]) >= len(self.members[other]) else (other, one)
        for node in self.members[gone]:
            self.group_of[node] = kept
        self.members[kept] += self.members.pop(gone)
        for neighbour, tie in self.ties.pop(gone, {}).items():
            del self.ties[neighbour][gone]
            if neighbour != kept:
                known = self.ties[kept].get(neighbour, _Tie(0, 0.0))
                total = _Tie(known.links + tie.links, known.log_odds + tie.log_odds)
                self.ties[kept][neighbour] = self.ties[neighbour][kept] = total
        for banned in self.bans.pop(gone, set()):
            self.bans[banned].discard(gone)
            self.bans[banned].add(kept)
            self.bans.setdefault(kept, set()).add(banned)


def _log_odds(probability: float) -> float:
    """Return ln(p / (1 - p)) of a probability that is held to be between 1 - _SUREST and _SUREST."""
    held = min(max(probability, 1 - _SUREST), _SUREST)
    return math.log(held / (1 - held))
