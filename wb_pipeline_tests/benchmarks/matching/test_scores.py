"""The table of scored pairs that all figures are counted in."""

from __future__ import annotations

import duckdb
import pytest

from wb_pipeline.benchmarks.matching.linked_clusters import clustered
from wb_pipeline.benchmarks.matching.rates import Rate
from wb_pipeline.benchmarks.matching.scores import (
    Linking,
    half_scores,
    keep_scores,
    linked_look_alikes,
    recall_per_variant,
)


@pytest.fixture
def small() -> duckdb.DuckDBPyConnection:
    """Held out: entity A with three records, B with one, C with two; in development: D with two. A and B look alike."""
    con = duckdb.connect()
    con.execute("create schema labelled")
    con.execute("""
        create table labelled.halves as
        select 'contact' as object, record_id, record_id[1] as entity_id,
            case when record_id[1] = 'D' then 'development' else 'held_out' end as half
        from (values ('A1'), ('A2'), ('A3'), ('B1'), ('C1'), ('C2'), ('D1'), ('D2')) as records (record_id)
    """)
    con.execute("""
        create table labelled.truth as
        select object, record_id, entity_id, case when record_id in ('A2', 'C1') then ['typo'] else [] end as variants
        from labelled.halves
    """)
    con.execute("""
        create table labelled.look_alikes as
        select 'contact' as object, '1' as group_id, entity_id, 'family' as look_alike_type
        from (values ('A'), ('B')) as entities (entity_id)
    """)
    return con


SCORED = """
select * from (
    values ('A1', 'A2', 9.0, false), ('A2', 'A1', 5.0, false), ('A3', 'A2', 8.0, false), ('B1', 'A1', 7.0, false),
        ('C1', 'C2', 1.0, false), ('D1', 'D2', 9.0, false), ('A1', 'D1', 9.0, false), ('B1', 'B1', 9.0, false)
) as pairs (one, other, score, has_conflict)
"""
LINKING = Linking("ours", "contact", "held_out", 7.0)


def test_a_pair_is_kept_once_with_its_best_score(small: duckdb.DuckDBPyConnection) -> None:
    """Either order of the ids is the same pair, and a record is no pair with itself."""
    assert keep_scores(small, "ours", "contact", SCORED) == 6
    found = small.execute("select left_id, right_id, score from labelled.scores where left_id = 'A1' order by all")
    assert found.fetchall() == [("A1", "A2", 9.0), ("A1", "B1", 7.0), ("A1", "D1", 9.0)]


def test_keeping_scores_again_replaces_those_of_the_method_only(small: duckdb.DuckDBPyConnection) -> None:
    """A second scoring, with labels, must not be mixed with the first."""
    keep_scores(small, "ours", "contact", SCORED)
    keep_scores(small, "plain", "contact", SCORED)
    assert keep_scores(small, "ours", "contact", f"{SCORED} where one = 'C1'") == 1
    assert small.execute("select count(*) from labelled.scores where method = 'plain'").fetchall() == [(6,)]


def test_a_half_holds_pairs_with_both_records_in_it_and_all_its_true_pairs(small: duckdb.DuckDBPyConnection) -> None:
    """A1-D1 crosses the halves; A1-A3 is a true pair that never became a candidate."""
    keep_scores(small, "ours", "contact", SCORED)
    held_out = half_scores(small, "ours", "contact", "held_out")
    found = sorted(zip(held_out.scores.tolist(), held_out.is_match.tolist(), strict=True))
    assert found == [(1.0, True), (7.0, False), (8.0, True), (9.0, True)]
    assert held_out.true_pairs == 4
    assert half_scores(small, "ours", "contact", "development").true_pairs == 1


def test_a_half_without_candidates_still_has_its_true_pairs(small: duckdb.DuckDBPyConnection) -> None:
    """A method that proposes nothing has missed everything."""
    keep_scores(small, "ours", "contact", f"{SCORED} where false")
    found = half_scores(small, "ours", "contact", "held_out")
    assert (len(found.scores), found.true_pairs) == (0, 4)


def test_recall_per_variant_counts_true_pairs_with_the_variant_on_either_side(small: duckdb.DuckDBPyConnection) -> None:
    """A1-A2, A2-A3 and C1-C2 have a typo; the last scores too low. A1-A3 has none."""
    keep_scores(small, "ours", "contact", SCORED)
    assert recall_per_variant(small, LINKING) == {"typo": Rate(2, 3)}


def test_linked_look_alikes_count_all_pairs_of_the_group_blocked_or_not(small: duckdb.DuckDBPyConnection) -> None:
    """A1-B1 is linked; A2-B1 and A3-B1 were not even candidates, which is right."""
    keep_scores(small, "ours", "contact", SCORED)
    assert linked_look_alikes(small, LINKING) == {"family": Rate(1, 3)}


def test_clusters_follow_chains_unless_a_conflict_keeps_records_apart(small: duckdb.DuckDBPyConnection) -> None:
    """IDN-10: A1-A2-A3 hang together through A2, and B1 joins them, unless B1 and A2 have a conflict."""
    keep_scores(small, "ours", "contact", SCORED)
    figures = clustered(small, LINKING, is_plain=False)
    assert (figures.pairs.right, figures.pairs.wrong, figures.pairs.missed) == (3, 3, 1)
    with_conflict = f"{SCORED} union all select 'B1', 'A2', 0.0, true"
    keep_scores(small, "ours", "contact", with_conflict)
    figures = clustered(small, LINKING, is_plain=False)
    assert (figures.pairs.right, figures.pairs.wrong, figures.pairs.missed) == (3, 0, 1)
    assert figures.exact == Rate(1, 2)
