"""Which columns a Postgres CRM lacks for being written, told at once with the SQL that adds them. Changes no table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

from wb_pipeline.connectors.writing import KEY_FIELD
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from wb_pipeline.connectors.postgres_tables import CrmTable, Tables

WRITTEN_OBJECTS = ("company", "contact", "lead", "deal", "activity", "enrollment")
"""What is ever written; nobody writes users or workflows from here."""

MARKS = {
    KEY_FIELD: "text",
    "ai_writeback_confidence": "numeric",
    "ai_writeback_evidence": "text",
    "ai_writeback_source": "text",
    "ai_writeback_fields": "text",
    "ai_writeback_labels": "text",
}
"""What writes leave on their record (SYN-2, CNF-2), and the type of the column that is added for it."""


def require_columns(tables: Tables, connection: Connection[Any]) -> None:
    """Raise InputError with the SQL that adds what is missing, or for a name of the policy that is not there."""
    lacking = {table.object: (table, missing) for table, missing in _lacking(tables)}
    if not lacking:
        return
    told = "; ".join(f"{name}: {', '.join(missing)}" for name, (_, missing) in lacking.items())
    statements = " ".join(_added(table, missing).as_string(connection) for table, missing in lacking.values())
    message = f"the CRM cannot be written: its tables lack columns that writes need ({told})"
    raise InputError(message, hint=f"let their owner run: {statements}")


def _lacking(tables: Tables) -> Iterator[tuple[CrmTable, list[str]]]:
    for name in WRITTEN_OBJECTS:
        table = tables.find(name)
        missing = [mark for mark in MARKS if not table.has(mark)] if table else []
        if table and missing:
            yield table, missing


def _added(table: CrmTable, missing: list[str]) -> sql.Composed:
    columns = (sql.SQL("add column {} ").format(sql.Identifier(name)) + sql.SQL(MARKS[name]) for name in missing)
    return sql.SQL("alter table {} {};").format(table.table, sql.SQL(", ").join(columns))
