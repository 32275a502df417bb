"""prepared.state: which snapshot the schema `prepared` holds, and whether what is there can be built upon."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

# Any table or column that somebody dropped or altered shows here.
_LAYOUT = """
select md5(coalesce(
    string_agg(concat_ws(' ', table_name, column_name, data_type), ',' order by table_name, column_name), ''
))
from duckdb_columns()
where schema_name = 'prepared' and table_name != 'state' and database_name = current_database()
"""
_COUNTS = "select (select count(*) from prepared.contacts), (select count(*) from prepared.companies)"


def can_be_changed(con: duckdb.DuckDBPyConnection, version: str) -> bool:
    """Say whether the prepared tables are whole, as they were left, and of this version of preparation."""
    import duckdb

    try:
        stated = con.execute("select version, layout, contacts, companies from prepared.state").fetchall()
        return stated == [(version, _layout(con), *con.execute(_COUNTS).fetchall()[0])]
    except duckdb.Error:
        return False


def write_state(con: duckdb.DuckDBPyConnection, snapshot_hash: str, version: str) -> Mapping[str, int]:
    """Write prepared.state (one row) and return the records per object."""
    contacts, companies = con.execute(_COUNTS).fetchall()[0]
    con.execute(
        "create or replace table prepared.state as "
        "select ? as snapshot_hash, ? as version, ? as layout, ? as contacts, ? as companies",
        [snapshot_hash, version, _layout(con), contacts, companies],
    )
    return {"contact": contacts, "company": companies}


def _layout(con: duckdb.DuckDBPyConnection) -> str:
    return str(con.execute(_LAYOUT).fetchall()[0][0])
