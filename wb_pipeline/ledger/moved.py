"""The word that a ledger leaves where it was: it moved, and nothing is appended here any more. Copies nothing.

The word stands in the database itself, with a guard, so that neither another machine nor a process that opened the
ledger before can go on with two of them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, insert, select

from wb_pipeline.errors import InputError
from wb_pipeline.ledger import dialects
from wb_pipeline.ledger.chain import Head
from wb_pipeline.ledger.tables import Text

# Made only where a ledger moves away: not among the tables of `tables`.
_MOVES = Table(
    "moves",
    MetaData(),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("event_hash", Text, nullable=False),
    Column("moved_to", Text, nullable=False),
    Column("moved_by", Text, nullable=False),
    Column("moved_at", Text, nullable=False),
)


def leave_word(connection: Connection, head: Head, *, moved_to: str, moved_by: str, moved_at: str) -> None:
    """Say that the ledger moved at a head, and let the database refuse further rows."""
    _MOVES.metadata.create_all(connection)
    row = {"sequence": head.sequence, "event_hash": head.event_hash}
    connection.execute(insert(_MOVES), row | {"moved_to": moved_to, "moved_by": moved_by, "moved_at": moved_at})
    dialects.end_tables(connection)


def word(connection: Connection) -> str:
    """Return where the ledger moved to and when, "" if it lies here."""
    if not connection.dialect.has_table(connection, _MOVES.name):
        return ""
    row = connection.execute(select(_MOVES)).first()
    return f"{row.moved_to} at {row.moved_at}, by {row.moved_by}" if row else ""


def refuse_moved(connection: Connection) -> None:
    """Raise InputError for a ledger that lies in another place now."""
    if where := word(connection):
        hint = "set or unset WB_LEDGER accordingly; if the move was cut short, start `wb ledger move` again"
        raise InputError(f"this ledger moved to {where}", hint=hint)
