"""The statements by which rows of a CRM in Postgres are locked and written. Nothing is executed here.

Every identifier goes through psycopg.sql, every value is a parameter. Types are the table's: `jsonb_populate_record`
reads a JSON value as the column would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from wb_pipeline.connectors.postgres_tables import CrmTable
from wb_pipeline.connectors.writing import KEY_FIELD, CrmCall, Refused
from wb_pipeline.ledger.times import utc_text

Row = dict[str, Any]
"""A row under the names of its columns, as JSON values."""

Statement = tuple[sql.Composed, list[Any]]
"""A query and its parameters."""

LOCK = sql.SQL(
    "select to_jsonb(t) from {table} as t, jsonb_populate_record(null::{table}, %s) as r"
    " where t.{id} = r.{id} for update of t"
)
LOCK_FREE = sql.SQL(
    "select to_jsonb(t) from {table} as t where t.{id} in"
    " (select r.{id} from jsonb_populate_recordset(null::{table}, %s) as r) for update of t skip locked"
)
BY_KEY = sql.SQL("select to_jsonb(t) from {table} as t where t.{key} = %s limit 1")
_UPDATE = sql.SQL(
    "update {table} as t set {sets} from jsonb_populate_record(null::{table}, %s) as r where {where}"
    " returning to_jsonb(t)"
)
_INSERT = sql.SQL(
    "insert into {table} as t ({columns}) select {values} from jsonb_populate_record(null::{table}, %s) as r"
    " returning to_jsonb(t)"
)
_POINTING = sql.SQL(
    "select to_jsonb(t) from {table} as t, jsonb_populate_record(null::{table}, %s) as r"
    " where t.{column} = r.{column}{live} order by t.{id} for update of t"
)
_EMPTY = {"meta": sql.SQL("'{}'::jsonb"), "history": sql.SQL("'[]'::jsonb")}


@dataclass(frozen=True, slots=True)
class Change:
    """What one call does to one row. `own`: what a record has beside its fields; `is_keyed`: the row gets its key."""

    call: CrmCall
    fields: Mapping[str, Any]
    expected: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)
    is_keyed: bool = True


def update_statement(table: CrmTable, row: Row, change: Change) -> Statement:
    """Return the update of one row, if what is expected stands. Raises Refused for what has no place."""
    key = {KEY_FIELD: change.call.key} if change.is_keyed else {}
    new = table.row({**change.fields, **key}, change.own)
    sets = [sql.SQL("{column} = r.{column}").format(column=sql.Identifier(column)) for column in new]
    given = new | {table.columns["id"]: table.own(row, "id")}
    if table.has("updated_at"):
        sets.append(_updated_at(table))
        given[table.columns["updated_at"]] = utc_text(change.call.sent_at)
    notes = _notes(table, row, change)
    sets += [_with_note(table, name) for name in notes]
    where = [sql.SQL("t.{id} = r.{id}").format(id=table.column("id"))]
    where += [_stands(table, name) for name in change.expected]
    query = _UPDATE.format(table=table.table, sets=sql.SQL(", ").join(sets), where=sql.SQL(" and ").join(where))
    expected = [None if value is None else Jsonb(value) for value in change.expected.values()]
    return query, [*(Jsonb(note) for note in notes.values()), Jsonb(given), *expected]


def insert_statement(table: CrmTable, call: CrmCall, record_id: str | None) -> Statement:
    """Return the insert of a new record; without an id the database gives it one. Raises Refused like an update."""
    at = utc_text(call.sent_at)
    fields = {name: value for name, value in call.fields.items() if value is not None}
    own: dict[str, Any] = {"created_at": at, "updated_at": at, "archived": False}
    if record_id is not None:
        own["id"] = record_id
    if table.is_a("meta", "jsonb"):
        own["meta"] = {name: {"by": call.by, "at": at} for name in fields}
    own = {name: value for name, value in own.items() if table.has(name)}
    row = table.row({**fields, KEY_FIELD: call.key}, own)
    columns = [sql.Identifier(column) for column in row]
    query = _INSERT.format(
        table=table.table,
        columns=sql.SQL(", ").join(columns),
        values=sql.SQL(", ").join(sql.SQL("r.{}").format(column) for column in columns),
    )
    return query, [Jsonb(row)]


def pointing_statement(table: CrmTable, name: str) -> sql.Composed:
    """Return the query that locks the live records whose field `name` holds an id."""
    live = sql.Composed([])
    if table.has("archived"):
        live = sql.SQL(" and t.{} is not true").format(table.column("archived"))
    return _POINTING.format(table=table.table, column=table.column(name), live=live, id=table.column("id"))


def is_same(left: Any, right: Any) -> bool:
    """Say whether two JSON values are equal; true is not 1."""
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def refuse_other_numbers(table: CrmTable, fields: Mapping[str, Any], row: Row) -> None:
    """Raise Refused for a number that a column rounded; how a column writes a text or a time is its own affair."""
    for name, value in fields.items():
        held = row.get(table.columns.get(name, ""))
        if _is_number(value) and _is_number(held) and value != held:
            raise Refused(f"The column for {name[:80]} would hold another number: it rounds.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _stands(table: CrmTable, name: str) -> sql.Composed:
    # As JSON on both sides: 10 and 10.0 are one number, and an empty field is none of any kind.
    text = "nullif(to_jsonb(t.{column}), 'null'::jsonb) is not distinct from %s::jsonb"
    return sql.SQL(text).format(column=table.column(name))


def _updated_at(table: CrmTable) -> sql.Composed:
    """Return the time of the call, or just behind the row's own: the row written last is the one that counts."""
    column = table.column("updated_at")
    if not table.is_a("updated_at", "timestamptz", "timestamp"):
        return sql.SQL("{column} = r.{column}").format(column=column)
    text = "{column} = greatest(r.{column}, t.{column} + interval '1 microsecond')"
    return sql.SQL(text).format(column=column)


def _notes(table: CrmTable, row: Row, change: Change) -> dict[str, Any]:
    """Return what is added to the columns for the last writers and the history, where the table has them."""
    by, at, old = change.call.by, utc_text(change.call.sent_at), table.fields(row)
    changed = {name: value for name, value in change.fields.items() if not is_same(old.get(name), value)}
    history = [
        {"field": name, "old": old.get(name), "new": value, "by": by, "at": at} for name, value in changed.items()
    ]
    added = {"meta": {name: {"by": by, "at": at} for name in changed}, "history": history}
    return {name: value for name, value in added.items() if changed and table.is_a(name, "jsonb")}


def _with_note(table: CrmTable, name: str) -> sql.Composed:
    text = "{column} = coalesce(t.{column}, {empty}) || %s"
    return sql.SQL(text).format(column=table.column(name), empty=_EMPTY[name])
