"""A warehouse with CRM records to prepare, and what the prepared tables say. No expectations here."""

from __future__ import annotations

import json

import duckdb

from wb_pipeline.matching.prepare import DomainLists, FieldNames, PreparedCrm, prepare_crm, prepare_relation

NO_LISTS = DomainLists()
_RAW = """
create schema if not exists raw;
create table if not exists raw.crm_records (
    snapshot_hash text, object text, record_id text, fields text, created_at timestamp, updated_at timestamp,
    is_archived boolean, merged_into_id text
)
"""


def warehouse(path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Open a warehouse with an empty raw.crm_records."""
    con = duckdb.connect(path)
    con.execute("set timezone = 'UTC'")
    con.execute(_RAW)
    return con


def record(kind: str, record_id: str, *, archived: bool = False, merged: str | None = None, **fields: object) -> tuple:
    """Return a row of raw.crm_records without its snapshot."""
    return (kind, record_id, json.dumps(fields), None, None, archived, merged)


def write_snapshot(con: duckdb.DuckDBPyConnection, name: str, records: list[tuple]) -> None:
    """Add records to raw.crm_records as one snapshot."""
    if records:
        con.executemany(f"insert into raw.crm_records values ('{name}', ?, ?, ?, ?, ?, ?, ?)", records)


def prepared(con: duckdb.DuckDBPyConnection, name: str, lists: DomainLists = NO_LISTS) -> PreparedCrm:
    """Prepare a snapshot."""
    return prepare_crm(con, name, domains=lists)


def rows_of(con: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, object]]:
    """Return the rows of a table as dictionaries, in a fixed order."""
    found = con.sql(f"from {table} order by all").to_arrow_table().to_pylist()
    return [dict(row) for row in found]


def one(kind: str, aliases: FieldNames | None = None, **fields: object) -> dict[str, object]:
    """Prepare a single record and return its row."""
    con = duckdb.connect()
    con.execute(
        "create table given as select ? as record_id, ? as object, ? as fields, true as is_live",
        ["1", kind, json.dumps(fields)],
    )
    prepare_relation(
        con, "given", into="prepared_rows", object="company" if kind == "company" else "contact", fields=aliases
    )
    (row,) = rows_of(con, "prepared_rows")
    con.close()
    return row


def contact(**fields: object) -> dict[str, object]:
    """Prepare a contact and return its row."""
    return one("contact", **fields)


def company(**fields: object) -> dict[str, object]:
    """Prepare a company and return its row."""
    return one("company", **fields)
