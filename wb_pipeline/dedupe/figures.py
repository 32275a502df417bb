"""Figures of the newest dedupe run for people: counts, scores, largest clusters. Each is a small table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb


@dataclass(frozen=True)
class Figure:
    """A table for people; `bar` is the position of the number that may be drawn."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    bar: int


_RULES = """
select object, blocking_rule, count(*) as pairs
from matching.scored_pairs
where snapshot_hash = (select snapshot_hash from books.dedupe_runs where is_latest)
group by all
order by object, pairs desc, blocking_rule
"""
_SCORES = """
select
    object, printf('%.1f to %.1f', band / 10, (band + 1) / 10) as probability, count(*) as pairs,
    count(*) filter (where has_conflict) as with_conflict
from (
    select object, has_conflict, least(floor(match_probability * 10), 9) as band
    from matching.scored_pairs
    where snapshot_hash = (select snapshot_hash from books.dedupe_runs where is_latest)
)
group by object, band
order by object, band
"""
_ENTITIES = """
select
    object, count(*) as records, count(distinct entity_id) as entities, count(*) filter (where not is_first) as surplus
from books.dedupe_entity_ids
group by object
order by object
"""
_CLUSTERS = """
select entity_id, count(*) as records
from books.dedupe_entity_ids
group by entity_id
having count(*) > 1
order by records desc, entity_id
limit 10
"""
_CHANGES = """
select object, event, count(*) as entities
from books.dedupe_id_trail
where dedupe_sequence = (select dedupe_sequence from books.dedupe_runs where is_latest)
group by object, event
order by object, event
"""


def _figure(query: str, columns: tuple[str, ...], bar: int) -> Callable[[duckdb.DuckDBPyConnection], Figure]:
    return lambda con: Figure(columns, con.execute(query).fetchall(), bar)


FIGURES: dict[str, Callable[[duckdb.DuckDBPyConnection], Figure]] = {
    "pairs by blocking rule": _figure(_RULES, ("object", "blocking rule", "pairs"), 2),
    "pairs by score": _figure(_SCORES, ("object", "probability", "pairs", "with a conflict"), 2),
    "records and entities": _figure(_ENTITIES, ("object", "records", "entities", "surplus"), 1),
    "largest clusters": _figure(_CLUSTERS, ("cluster", "records"), 1),
    "changes of ids in this run": _figure(_CHANGES, ("object", "event", "entities"), 2),
}
"""Reads matching.scored_pairs and books.dedupe_* of a warehouse in which a dedupe run has just been sealed."""
