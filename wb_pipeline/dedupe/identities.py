"""Entity ids of one dedupe run as temporary tables: SQL around `carried_ids`. Sealing them is in `sealing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from wb_pipeline.dedupe.carried_ids import carry_ids
from wb_pipeline.dedupe.id_trail import EVENTS, NONE
from wb_pipeline.dedupe.live_records import ComparedObject

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

FIRST_NUMBER = 1

_TABLES = """
create or replace temp table dedupe_entities (
    object varchar, record_object varchar, record_id varchar, entity_id varchar, entity_number bigint,
    is_first boolean
);
create or replace temp table dedupe_trail (
    object varchar, event varchar, entity_id varchar, other_entity_id varchar, records_before bigint,
    records_after bigint
);
"""
# All records of this run and of the last one: the live ones first, by age, then those that are gone.
_CARRIED = """
create or replace temp table dedupe_carried as
select
    row_number() over (order by records.age_rank nulls last, record_id) - 1 as place,
    record_id, records.record_object, records.age_rank,
    coalesce(earlier.entity_number, $none)::bigint as entity_number
from (from dedupe_records where object = $object) as records
full join (from books.dedupe_entity_ids where object = $object) as earlier using (record_id)
"""
_ENTITIES = """
insert into dedupe_entities
select
    $object, carried.record_object, carried.record_id, $object || '-entity-' || numbers.entity_number,
    numbers.entity_number, row_number() over (partition by numbers.entity_number order by carried.place) = 1
from dedupe_carried as carried
inner join carried_numbers as numbers on numbers.place = carried.place
where carried.age_rank is not null
"""
_TRAIL = """
insert into dedupe_trail
select
    $object, event, $object || '-entity-' || entity,
    if(other = $none, null, $object || '-entity-' || other), records_before, records_after
from trail_rows
"""


def write_identities(
    con: duckdb.DuckDBPyConnection, labels: Mapping[ComparedObject, Numbers], next_numbers: Mapping[str, int]
) -> dict[str, int]:
    """Make the temporary tables dedupe_entities and dedupe_trail; return the next free number by object.

    `labels`: by object, the cluster of each live record, oldest first. Earlier ids: books.dedupe_entity_ids.
    dedupe_entities grain: live record: entity_id (`contact-entity-17`), is_first (the oldest record of its entity).
    dedupe_trail grain: event of an entity; see `id_trail`.
    """
    con.execute(_TABLES)
    return {
        name: _write_object(con, name, clusters, next_numbers.get(name, FIRST_NUMBER))
        for name, clusters in labels.items()
    }


def _write_object(con: duckdb.DuckDBPyConnection, object_name: str, clusters: Numbers, next_number: int) -> int:
    con.execute(_CARRIED, {"object": object_name, "none": NONE})
    found = con.execute("select entity_number from dedupe_carried order by place").fetchnumpy()
    previous = np.ma.getdata(found["entity_number"]).astype(np.int64)
    gone = np.full(len(previous) - len(clusters), NONE, dtype=np.int64)
    carried = carry_ids(previous, np.concatenate([clusters, gone]), next_number)
    trail = carried.trail
    numbers = {"place": np.arange(len(carried.ids)), "entity_number": carried.ids}
    rows = {
        "event": np.array(EVENTS, dtype=object)[trail.event],
        "entity": trail.entity,
        "other": trail.other,
        "records_before": trail.records_before,
        "records_after": trail.records_after,
    }
    for view, columns, statement, given in (
        ("carried_numbers", numbers, _ENTITIES, {"object": object_name}),
        ("trail_rows", rows, _TRAIL, {"object": object_name, "none": NONE}),
    ):
        con.register(view, pa.table({name: pa.array(column) for name, column in columns.items()}))
        con.execute(statement, given)
        con.unregister(view)
    con.execute("drop table dedupe_carried")
    return carried.next_number
