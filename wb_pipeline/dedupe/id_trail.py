"""What became of each entity between two runs, as rows: born, grew, shrank, split_from, merged_into, ended (IDN-11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.int64]

NONE = -1
"""Stands for no entity, and for no record."""
EVENTS = ("born", "grew", "shrank", "split_from", "merged_into", "ended")
BORN, GREW, SHRANK, SPLIT_FROM, MERGED_INTO, ENDED = range(len(EVENTS))


@dataclass(frozen=True)
class Trail:
    """Grain: event of an entity. `event` counts in EVENTS; `other` is the entity split from or merged into, else NONE.

    `records_before` and `records_after` are the entity's live records at the last run and now.
    """

    event: Numbers
    entity: Numbers
    other: Numbers
    records_before: Numbers
    records_after: Numbers

    def __len__(self) -> int:
        return len(self.event)


def trail_of(before: Numbers, after: Numbers) -> Trail:
    """Return the trail between two sets of entity numbers, one row per record; NONE where it was or is not there.

    An entity that both took in and gave up records grew and shrank. Whatever stayed as it was leaves no row.
    """
    entities = np.unique(np.concatenate([before[before != NONE], after[after != NONE]]))
    was, now = _sizes(entities, before), _sizes(entities, after)
    stayed = _sizes(entities, np.where(before == after, after, NONE))
    came_from, went_to = _main_other(entities, after, before), _main_other(entities, before, after)
    is_new, is_over = was == 0, now == 0
    events = (
        (BORN, is_new & (came_from == NONE), None),
        (SPLIT_FROM, is_new & (came_from != NONE), came_from),
        (GREW, ~is_new & ~is_over & (now > stayed), None),
        (SHRANK, ~is_new & ~is_over & (was > stayed), None),
        (MERGED_INTO, is_over & (went_to != NONE), went_to),
        (ENDED, is_over & (went_to == NONE), None),
    )
    rows = [(code, np.flatnonzero(happened), other) for code, happened, other in events]
    places = np.concatenate([found for _, found, _ in rows])
    others = [np.full(len(found), NONE) if other is None else other[found] for _, found, other in rows]
    return Trail(
        event=np.repeat([code for code, _, _ in rows], [len(found) for _, found, _ in rows]),
        entity=entities[places],
        other=np.concatenate(others).astype(np.int64),
        records_before=was[places],
        records_after=now[places],
    )


def _sizes(entities: Numbers, ids: Numbers) -> Numbers:
    positions = np.searchsorted(entities, ids[ids != NONE])
    return np.bincount(positions, minlength=len(entities)).astype(np.int64)


def _main_other(entities: Numbers, own: Numbers, other: Numbers) -> Numbers:
    """Return for each entity the other one with which it shares most records across the two runs; NONE if none.

    Ties go to the smaller number, the older entity. Itself counts as no other.
    """
    found = np.full(len(entities), NONE, dtype=np.int64)
    rows = (own != NONE) & (other != NONE) & (own != other)
    pairs, counts = np.unique(np.stack([own[rows], other[rows]]), axis=1, return_counts=True)
    # The best one is written last.
    order = np.lexsort((-pairs[1], counts, pairs[0]))
    found[np.searchsorted(entities, pairs[0][order])] = pairs[1][order]
    return found
