"""The SQL of snapshots: sort, hash, write, load. Built from our own schemas; values from outside are parameters."""

# ruff: noqa: S608 - every name put into a statement is a constant of this file or of the contract's schemas

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.contract.tables import CRM_RECORDS, EVIDENCE_ITEMS, REJECTED_ROWS

if TYPE_CHECKING:
    from wb_pipeline.connectors.base import SourceKind

SCHEMA_VERSION = 1
_TABLES: dict[SourceKind, tuple[str, str]] = {
    "crm": ("raw.crm_records", "snapshot_hash"),
    "evidence": ("raw.evidence_items", "evidence_hash"),
}
_SQL_TYPES = {pa.string(): "varchar", pa.bool_(): "boolean", pa.int64(): "bigint", pa.timestamp("us"): "timestamp"}


def _declared(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {_SQL_TYPES[field.type]}" for field in schema)


# Whether an id stands on more than one item is worked out when a store is loaded: files of one pull may share ids.
STORED: dict[SourceKind, pa.Schema] = {
    "crm": CRM_RECORDS,
    "evidence": pa.schema([field for field in EVIDENCE_ITEMS if field.name != "is_duplicated_id"]),
}
STORED_REJECTED = pa.schema([field for field in REJECTED_ROWS if field.name != "source_kind"])

EMPTY_TABLES = f"""
create schema if not exists raw;
create or replace table raw.crm_records (snapshot_hash varchar, {_declared(CRM_RECORDS)});
create or replace table raw.evidence_items (evidence_hash varchar, {_declared(EVIDENCE_ITEMS)});
create or replace table raw.rejected_rows (source_kind varchar, content_hash varchar, {_declared(STORED_REJECTED)});
"""


def _as_text(field: pa.Field) -> str:
    # Spelt out per type: the digest must not move with a release of the database.
    if pa.types.is_timestamp(field.type):
        return f"epoch_us({field.name})::varchar"
    return f"{field.name}::varchar"


def row_hash(kind: SourceKind) -> str:
    """Return the SQL of a row's SHA-256: each value behind its length in bytes, so that no two rows read the same."""
    parts = (f"coalesce(strlen({_as_text(field)}) || ':' || {_as_text(field)}, '-')" for field in STORED[kind])
    return f"sha256(concat({', '.join(parts)}))"


def sort_order(kind: SourceKind) -> str:
    """Return the columns by which a kept file is sorted; ties are sorted by content."""
    return "object, record_id" if kind == "crm" else "evidence_id, evidence_type, payload"


# Files of one pull may hold the same thing: of a record the latest row is kept (an archived one hides a live one only
# where it is later), of identical items one.
_REPEATS: dict[SourceKind, tuple[str, str, str]] = {
    "crm": ("object, record_id", "updated_at desc nulls last, is_archived, row_hash, file_name", "superseded"),
    "evidence": ("row_hash", "file_name", "repeated"),
}
_REPEAT_MESSAGE = "' stands elsewhere too, the same or updated later, so that one counts. Send it once.'"


def keep_statements(kind: SourceKind) -> list[str]:
    """Return what turns the views `pulled` and `unreadable` into the tables `kept` and `rejected`."""
    identity, order, code = _REPEATS[kind]
    named = "object || ' ' || record_id" if kind == "crm" else "'item ' || evidence_id"
    reason = f"{{'code': '{code}', 'field': 'id', 'message': 'The ' || {named} || {_REPEAT_MESSAGE}}}"
    ranked = f"""
    create temp table ranked as
    select *, row_number() over (partition by {identity} order by {order}) as place
    from (select *, {row_hash(kind)} as row_hash from pulled)
    """
    rejected = f"""
    create temp table rejected as
    select file_name, row_number, reasons from unreadable
    union all
    select file_name, null, to_json([{reason}])::varchar from ranked where place > 1
    """
    return [ranked, "create temp table kept as select * from ranked where place = 1", rejected]


def digest(kind: SourceKind, hashed: str, rejected: str) -> str:
    """Return the query (content hash, rows, rejected rows) over a relation with row_hash and one with reasons.

    Of a rejected row only the codes count: its words name row numbers, which differ with the order of the rows.
    """
    return f"""
    select
        sha256(concat('wb {kind} snapshot {SCHEMA_VERSION}:', rows.digest, ':', refused.digest)),
        rows.total,
        refused.total
    from (
        select coalesce(sha256(string_agg(row_hash, '' order by row_hash)), '-') as digest, count(*) as total
        from {hashed}
    ) as rows
    cross join (
        select coalesce(sha256(string_agg(row_hash, ';' order by row_hash)), '-') as digest, count(*) as total
        from (select array_to_string(json_extract_string(reasons, '$[*].code'), ',') as row_hash from {rejected})
    ) as refused
    """


def copy(table: str, schema: pa.Schema, order: str) -> str:
    """Return the statement that writes one of our own tables to the file of its parameter."""
    names = ", ".join(schema.names)
    metadata = f"kv_metadata {{wb_schema_version: '{SCHEMA_VERSION}'}}"
    return f"copy (select {names} from {table} order by {order}) to ? (format parquet, {metadata})"


def insert_rows(kind: SourceKind) -> str:
    """Return the statement that loads a kept file; parameters: content hash, path."""
    names = ", ".join(STORED[kind].names)
    duplicated = "" if kind == "crm" else ", count(*) over (partition by evidence_id) > 1"
    return f"insert into {_TABLES[kind][0]} select ?, {names}{duplicated} from read_parquet(?)"


def insert_rejected(kind: SourceKind) -> str:
    """Return the statement that loads a pair's rejected rows; parameters: content hash, path."""
    return f"insert into raw.rejected_rows select '{kind}', ?, file_name, row_number, reasons from read_parquet(?)"


def loaded_digest(kind: SourceKind) -> str:
    """Return the query of the content hash of what was loaded; parameters: content hash, twice."""
    table, key = _TABLES[kind]
    rejected = f"(from raw.rejected_rows where source_kind = '{kind}' and content_hash = ?)"
    hashed = f"(select {row_hash(kind)} as row_hash from {table} where {key} = ?)"
    return digest(kind, hashed, rejected)
