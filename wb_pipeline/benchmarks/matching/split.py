"""Two halves of labelled data that share no entity: one to learn and set thresholds on, one to report on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

Half = Literal["development", "held_out"]
HALVES: tuple[Half, Half] = ("development", "held_out")

_RECORD_HALVES = """
create or replace table labelled.halves as
select
    truth.object, truth.record_id, truth.entity_id,
    case when md5(? || ':' || coalesce(roots.root, truth.entity_id)) < '8' then 'development' else 'held_out' end
        as half
from labelled.truth
left join entity_roots as roots on roots.entity_id = truth.entity_id
"""
# What is new has no entity in the CRM: it goes with the record that it may be taken for, if there is one.
_PROPOSAL_HALVES = """
create or replace table labelled.proposal_halves as
select
    proposals.proposal_id,
    coalesce(
        own.half, traps.half,
        case when md5(? || ':' || proposals.entity_id) < '8' then 'development' else 'held_out' end
    ) as half
from labelled.proposal_truth as proposals
left join (select distinct entity_id, half from labelled.halves) as own on own.entity_id = proposals.entity_id
left join labelled.halves as traps
    on traps.object = proposals.object and traps.record_id = list_min(proposals.trap_record_ids)
"""


def split_halves(con: duckdb.DuckDBPyConnection, *, seed: int) -> None:
    """Write labelled.halves (grain: record: object, record_id, entity_id, half) and labelled.proposal_halves.

    Halves go by entity, and entities that look alike stay together: a look-alike type could be learnt from one half of
    a pair otherwise. The same seed gives the same halves, whatever the order of the rows.
    proposal_halves grain: proposal: proposal_id, half (that of its entity, or of the record it may be taken for).
    """
    rows = con.execute("select group_id, entity_id from labelled.look_alikes order by all").fetchall()
    roots = joined_entities(rows)
    lent = pa.table({"entity_id": pa.array(roots.keys(), pa.string()), "root": pa.array(roots.values(), pa.string())})
    con.register("entity_roots", lent)
    con.execute(_RECORD_HALVES, [str(seed)])
    con.unregister("entity_roots")
    con.execute(_PROPOSAL_HALVES, [str(seed)])


def joined_entities(memberships: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return per entity the least entity id that it hangs together with, given (group, entity) memberships."""
    parent: dict[str, str] = {}

    def root_of(entity: str) -> str:
        while parent[entity] != entity:
            parent[entity] = parent[parent[entity]]
            entity = parent[entity]
        return entity

    first_of_group: dict[str, str] = {}
    for group, entity in memberships:
        parent.setdefault(entity, entity)
        one, other = root_of(first_of_group.setdefault(group, entity)), root_of(entity)
        parent[max(one, other)] = min(one, other)
    return {entity: root_of(entity) for entity in parent}
