"""Exchanges the prepared rows of records that changed since the last snapshot, and takes out those that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.matching.prepare.frequencies import change_frequencies
from wb_pipeline.matching.prepare.raw_values import OBJECTS
from wb_pipeline.matching.prepare.relation import TABLES, Kind, prepare_relation

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from wb_pipeline.matching.prepare.field_names import FieldNames

# What a prepared row came from; equal = prepared already.
_CHANGED = """
create or replace temp table changed_{table} as
select now.object, now.record_id
from ({source}) as now
left join prepared.{table} as known on known.object = now.object and known.record_id = now.record_id
where
    now.object in {objects}
    and (
        known.record_id is null
        or known.fields_hash != md5(now.fields)
        or known.is_live != now.is_live
        or known.created_at is distinct from now.created_at
        or known.updated_at is distinct from now.updated_at
    )
"""
_REPLACED = """
create or replace temp table replaced_{table} as
select known.*
from prepared.{table} as known
where
    not exists (
        select 1 from ({source}) as now where now.object = known.object and now.record_id = known.record_id
    )
    or exists (
        select 1 from changed_{table} as changed
        where changed.object = known.object and changed.record_id = known.record_id
    )
"""
_NEW = """
select source.* from ({source}) as source
semi join changed_{table} as changed on changed.object = source.object and changed.record_id = source.record_id
"""
_DELETE = """
delete from prepared.{table} as known using replaced_{table} as replaced
where replaced.object = known.object and replaced.record_id = known.record_id
"""


def find_changed(con: duckdb.DuckDBPyConnection, source: str, kind: Kind) -> int:
    """Write the temporary table `changed_<kind's table>` (object, record_id: new or changed) and return its rows."""
    table = TABLES[kind]
    con.execute(_CHANGED.format(table=table, source=source, objects=OBJECTS[kind]))
    return int(con.execute(f"select count(*) from changed_{table}").fetchall()[0][0])  # noqa: S608 - a name of ours


def exchange_changed(con: duckdb.DuckDBPyConnection, source: str, fields: Mapping[Kind, FieldNames | None]) -> None:
    """Bring the prepared tables and frequencies to `source`, after `find_changed` for both kinds."""
    for kind, table in TABLES.items():
        con.execute(_REPLACED.format(table=table, source=source))
        query = _NEW.format(table=table, source=source)
        prepare_relation(con, query, into=f"temp.new_{table}", object=kind, fields=fields[kind])
    change_frequencies(
        con,
        gone={table: f"replaced_{table}" for table in TABLES.values()},
        come={table: f"new_{table}" for table in TABLES.values()},
    )
    for table in TABLES.values():
        con.execute(_DELETE.format(table=table))
        con.execute(f"insert into prepared.{table} by name from new_{table}")
        for part in ("changed", "replaced", "new"):
            con.execute(f"drop table {part}_{table}")
