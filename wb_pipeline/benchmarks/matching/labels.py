"""Labels as reviewers would give them, drawn from the truth of the development half. Nothing is learnt here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_TABLE = """
create schema if not exists matching;
create table if not exists matching.labels (object varchar, left_id varchar, right_id varchar, is_same boolean)
"""
# The order of a hash: random, but the same for the same seed whatever the order of the rows.
_DRAW = """
insert into matching.labels by name
select scores.object, scores.left_id, scores.right_id, one.entity_id = other.entity_id as is_same
from labelled.scores as scores
inner join labelled.halves as one on one.object = scores.object and one.record_id = scores.left_id
inner join labelled.halves as other on other.object = scores.object and other.record_id = scores.right_id
where
    scores.method = $method and scores.object = $object
    and one.half = 'development' and other.half = 'development'
order by md5($seed || ':' || scores.left_id || ':' || scores.right_id)
limit $count
"""


def no_labels(con: duckdb.DuckDBPyConnection) -> None:
    """Make matching.labels, empty if it is not there: nobody judged anything."""
    con.execute(_TABLE)


def draw_labels(con: duckdb.DuckDBPyConnection, method: str, object_name: str, *, count: int, seed: int) -> int:
    """Judge `count` candidate pairs of a method at random, as true people would; return how many there were.

    Writes matching.labels (grain: judged pair: object, left_id < right_id, is_same), where reviewers' judgements stand
    in a run. Only pairs of the development half are drawn.
    """
    con.execute(_TABLE)
    con.execute("delete from matching.labels where object = ?", [object_name])
    con.execute(_DRAW, {"method": method, "object": object_name, "seed": str(seed), "count": count})
    counted = "select count(*) from matching.labels where object = ?"
    return int(con.execute(counted, [object_name]).fetchall()[0][0])
