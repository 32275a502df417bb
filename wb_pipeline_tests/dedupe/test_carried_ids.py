"""The id of a cluster stays when the cluster grows, splits or merges."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.dedupe.carried_ids import Carried, carry_ids
from wb_pipeline.dedupe.id_trail import EVENTS, NONE

Row = tuple[str, int, int, int, int]
FIRST_FREE = 100


def carry(previous: list[int], clusters: list[int], next_number: int = FIRST_FREE) -> Carried:
    """Carry ids over; one entry per record, oldest first."""
    return carry_ids(np.array(previous, np.int64), np.array(clusters, np.int64), next_number)


def rows(carried: Carried) -> list[Row]:
    """Return the trail as (event, entity, other, records before, records after)."""
    trail = carried.trail
    columns = (trail.entity, trail.other, trail.records_before, trail.records_after)
    return [
        (EVENTS[event], *rest)
        for event, *rest in zip(trail.event.tolist(), *(column.tolist() for column in columns), strict=True)
    ]


def test_first_run_numbers_clusters_by_their_oldest_record() -> None:
    """IDN-11: ids are given in an order that does not depend on how clusters are labelled."""
    carried = carry([NONE] * 4, [7, 3, 7, 9], 1)
    assert carried.ids.tolist() == [1, 2, 1, 3]
    assert carried.next_number == 4
    assert rows(carried) == [("born", 1, NONE, 0, 2), ("born", 2, NONE, 0, 1), ("born", 3, NONE, 0, 1)]


def test_cluster_keeps_its_id_when_it_grows() -> None:
    """IDN-11: a new record joins; the id stays."""
    carried = carry([1, 1, NONE], [5, 5, 5])
    assert carried.ids.tolist() == [1, 1, 1]
    assert rows(carried) == [("grew", 1, NONE, 2, 3)]


def test_largest_part_keeps_the_id_after_a_split() -> None:
    """IDN-11: the other part gets a new id, with its origin."""
    carried = carry([1, 1, 1], [8, 4, 4])
    assert carried.ids.tolist() == [FIRST_FREE, 1, 1]
    assert rows(carried) == [("split_from", FIRST_FREE, 1, 0, 1), ("shrank", 1, NONE, 3, 2)]


def test_part_with_the_oldest_record_keeps_the_id_after_an_even_split() -> None:
    """IDN-11: a tie goes to the oldest record."""
    assert carry([1, 1], [9, 2]).ids.tolist() == [1, FIRST_FREE]


def test_id_with_most_records_stays_after_a_merge() -> None:
    """IDN-11: the other id ends, with the id it went into."""
    carried = carry([1, 2, 2], [6, 6, 6])
    assert carried.ids.tolist() == [2, 2, 2]
    assert rows(carried) == [("grew", 2, NONE, 2, 3), ("merged_into", 1, 2, 1, 0)]


def test_older_id_stays_after_an_even_merge() -> None:
    """IDN-11: a tie goes to the id that was given first."""
    assert carry([9, 4], [6, 6]).ids.tolist() == [4, 4]


def test_entity_ends_with_its_last_record() -> None:
    """IDN-11: archived, deleted or merged away in the CRM: the id ends, and no other takes it."""
    carried = carry([1, 2, NONE], [NONE, 0, 1])
    assert carried.ids.tolist() == [NONE, 2, FIRST_FREE]
    assert rows(carried) == [("born", FIRST_FREE, NONE, 0, 1), ("ended", 1, NONE, 1, 0)]


def test_record_that_moves_leaves_a_trail_on_both_sides() -> None:
    """IDN-11: one entity shrank, the other grew; both keep their ids."""
    carried = carry([1, 1, 1, 2, 2], [0, 0, 3, 3, 3])
    assert carried.ids.tolist() == [1, 1, 2, 2, 2]
    assert rows(carried) == [("grew", 2, NONE, 2, 3), ("shrank", 1, NONE, 3, 2)]


def test_nothing_is_carried_over_from_nothing() -> None:
    """IDN-11: an empty CRM."""
    carried = carry([], [])
    assert (carried.ids.tolist(), carried.next_number, len(carried.trail)) == ([], FIRST_FREE, 0)


@st.composite
def histories(draw: st.DrawFn) -> list[list[int]]:
    """Draw the clusters of the same 12 records at several runs; NONE where a record is gone."""
    run = st.lists(st.integers(NONE, 6), min_size=12, max_size=12)
    return draw(st.lists(run, min_size=2, max_size=6))


def play(history: list[list[int]]) -> list[Carried]:
    """Return the outcome of every run."""
    outcomes, previous, next_number = [], [NONE] * 12, 1
    for run in history:
        carried = carry(previous, run, next_number)
        outcomes.append(carried)
        previous, next_number = carried.ids.tolist(), carried.next_number
    return outcomes


def groups(labels: list[int]) -> dict[int, frozenset[int]]:
    """Return the records of each label."""
    return {label: frozenset(i for i, each in enumerate(labels) if each == label) for label in labels if label != NONE}


@given(histories())
def test_ids_are_the_clusters_under_other_names(history: list[list[int]]) -> None:
    """IDN-11: two records share an id exactly if they share a cluster."""
    for run, outcome in zip(history, play(history), strict=True):
        assert set(groups(run).values()) == set(groups(outcome.ids.tolist()).values())


@given(histories())
def test_unchanged_cluster_keeps_its_id(history: list[list[int]]) -> None:
    """IDN-11: whatever happens around it."""
    outcomes = play(history)
    for before, after in pairwise(outcomes):
        names = {records: name for name, records in groups(after.ids.tolist()).items()}
        for name, records in groups(before.ids.tolist()).items():
            assert names.get(records, name) == name


@given(histories())
def test_an_ended_id_never_comes_back(history: list[list[int]]) -> None:
    """IDN-11: ids are never reused, also when the same records meet again."""
    ended: set[int] = set()
    living: set[int] = set()
    for outcome in play(history):
        now = set(groups(outcome.ids.tolist()))
        assert not ended & now
        ended |= living - now
        living = now


@given(histories())
def test_trail_explains_every_change(history: list[list[int]]) -> None:
    """IDN-11: whoever reads only the trail knows which ids there are, and how many records each has."""
    sizes: dict[int, int] = {}
    for outcome in play(history):
        told: dict[int, int] = {}
        for _, entity, other, before, after in rows(outcome):
            assert sizes.get(entity, 0) == before
            assert other == NONE or other != entity
            told[entity] = after
        sizes = {entity: size for entity, size in (sizes | told).items() if size}
        assert sizes == {entity: len(records) for entity, records in groups(outcome.ids.tolist()).items()}


@given(histories())
def test_labels_of_clusters_do_not_matter(history: list[list[int]]) -> None:
    """IDN-11: the same clusters under other labels get the same ids and the same trail."""
    renamed = [[NONE if label == NONE else 50 - label for label in run] for run in history]
    for one, other in zip(play(history), play(renamed), strict=True):
        assert one.ids.tolist() == other.ids.tolist()
        assert rows(one) == rows(other)


def test_a_million_records_take_a_second_or_two() -> None:
    """IDN-11: every tenth record in another cluster than before."""
    chance = np.random.default_rng(1)
    clusters = np.arange(1_000_000) - chance.integers(0, 2, 1_000_000)
    first = carry_ids(np.full(1_000_000, NONE), clusters, 1)
    moved = np.where(chance.random(1_000_000) < 0.1, np.roll(clusters, 1), clusters)
    started = time.process_time()
    second = carry_ids(first.ids, moved, first.next_number)
    assert time.process_time() - started < 20
    assert len(second.trail) > 100_000
