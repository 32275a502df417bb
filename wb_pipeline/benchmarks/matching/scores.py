"""Scored pairs beside the truth: one table for every method, and the questions that the figures ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wb_pipeline.benchmarks.matching.pair_metrics import Flags, Scores
from wb_pipeline.benchmarks.matching.rates import Rate

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.benchmarks.matching.split import Half

_TABLE = """
create table if not exists labelled.scores (
    method varchar, object varchar, left_id varchar, right_id varchar, score double, has_conflict boolean
)
"""
_CANDIDATES = """
select scores.score, one.entity_id = other.entity_id
from labelled.scores as scores
inner join labelled.halves as one on one.object = scores.object and one.record_id = scores.left_id
inner join labelled.halves as other on other.object = scores.object and other.record_id = scores.right_id
where scores.method = $method and scores.object = $object and one.half = $half and other.half = $half
"""
_TRUE_PAIRS = """
select coalesce(sum(size * (size - 1) // 2), 0)::bigint
from (
    select count(*) as size from labelled.halves where object = $object and half = $half group by entity_id
)
"""
_TRUE_PAIRS_OF_VARIANTS = """
select variant, count(*) filter (where score >= $threshold), count(*)
from (
    select
        unnest(list_distinct(list_concat(one.variants, other.variants))) as variant, coalesce(scores.score, '-inf')
            as score
    from labelled.truth as one
    inner join labelled.truth as other
        on other.object = one.object and other.entity_id = one.entity_id and other.record_id > one.record_id
    inner join labelled.halves as halves on halves.object = one.object and halves.record_id = one.record_id
    left join labelled.scores as scores
        on
            scores.method = $method and scores.object = one.object
            and scores.left_id = one.record_id and scores.right_id = other.record_id
    where one.object = $object and halves.half = $half
)
group by variant
order by variant
"""
# A group may be named twice, and two groups may share two entities: every pair counts once per type.
_LOOK_ALIKE_PAIRS = """
with entity_pairs as (
    select distinct one.look_alike_type, one.entity_id as one_entity, other.entity_id as other_entity
    from labelled.look_alikes as one
    inner join labelled.look_alikes as other
        on other.object = one.object and other.group_id = one.group_id and other.entity_id > one.entity_id
    where one.object = $object
),
record_pairs as (
    select
        pairs.look_alike_type,
        least(one.record_id, other.record_id) as left_id, greatest(one.record_id, other.record_id) as right_id
    from entity_pairs as pairs
    inner join labelled.halves as one on one.entity_id = pairs.one_entity
    inner join labelled.halves as other on other.entity_id = pairs.other_entity
    where one.object = $object and other.object = $object and one.half = $half
)
select pairs.look_alike_type, count(*) filter (where scores.score >= $threshold), count(*)
from record_pairs as pairs
left join labelled.scores as scores
    on
        scores.method = $method and scores.object = $object
        and scores.left_id = pairs.left_id and scores.right_id = pairs.right_id
group by pairs.look_alike_type
order by pairs.look_alike_type
"""


def keep_scores(con: duckdb.DuckDBPyConnection, method: str, object_name: str, query: str) -> int:
    """Keep the pairs of `query` (one id, other id, score, has conflict) under a method's name; return their number.

    Writes labelled.scores, grain: unordered pair per method: method, object, left_id < right_id, score (any scale,
    higher: more alike), has_conflict (must not be in one cluster). Of a pair that comes several times the best score
    stays.
    """
    con.execute(_TABLE)
    con.execute("delete from labelled.scores where method = ? and object = ?", [method, object_name])
    con.execute(
        f"""
        insert into labelled.scores
        select ?, ?, least(one_id, other_id), greatest(one_id, other_id), max(score), bool_or(has_conflict)
        from ({query}) as pairs (one_id, other_id, score, has_conflict)
        where one_id <> other_id
        group by all
        """,  # noqa: S608 - the query is our own; values from outside are parameters
        [method, object_name],
    )
    counted = "select count(*) from labelled.scores where method = ? and object = ?"
    return int(con.execute(counted, [method, object_name]).fetchall()[0][0])


@dataclass(frozen=True)
class HalfScores:
    """The candidate pairs of one method within one half: scores, truths, and how many true pairs there are at all."""

    scores: Scores
    is_match: Flags
    true_pairs: int


def half_scores(con: duckdb.DuckDBPyConnection, method: str, object_name: str, half: Half) -> HalfScores:
    """Return the pairs of which both records lie in the half."""
    which = {"object": object_name, "half": half}
    found = con.execute(_CANDIDATES, which | {"method": method}).fetchnumpy()
    scores, is_match = (np.asarray(column) for column in found.values())
    true_pairs = int(con.execute(_TRUE_PAIRS, which).fetchall()[0][0])
    return HalfScores(scores.astype(np.float64), is_match.astype(np.bool_), true_pairs)


@dataclass(frozen=True)
class Linking:
    """All pairs of an object and a half that a method scores at or above a threshold."""

    method: str
    object: str
    half: Half
    threshold: float


def recall_per_variant(con: duckdb.DuckDBPyConnection, linking: Linking) -> dict[str, Rate]:
    """Return, per variant, the share of linked pairs among the true pairs with that variant on either record."""
    return _rates(con, _TRUE_PAIRS_OF_VARIANTS, linking)


def linked_look_alikes(con: duckdb.DuckDBPyConnection, linking: Linking) -> dict[str, Rate]:
    """Return, per look-alike type, the share of record pairs that look alike, are different, and are linked."""
    return _rates(con, _LOOK_ALIKE_PAIRS, linking)


def _rates(con: duckdb.DuckDBPyConnection, query: str, linking: Linking) -> dict[str, Rate]:
    return {name: Rate(hits, cases) for name, hits, cases in con.execute(query, vars(linking)).fetchall()}
