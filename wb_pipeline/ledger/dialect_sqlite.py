"""SQLite as the ledger's database: pragmas, the write lock, triggers as guards. Nothing of other databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from wb_pipeline.ledger.chain import GENESIS_HASH

BUSY_SECONDS = 60
WAY_OUT = "run `wb audit verify`"
GUARDS_QUERY = "select name, sql from sqlite_master where type = 'trigger'"
_WRITES, _WAITS = "wb_writes", "wb_waits"

_PRAGMAS = (
    "pragma journal_mode = wal",  # Readers and the one writer do not wait for each other.
    "pragma synchronous = full",  # A committed event survives a power cut.
    "pragma recursive_triggers = on",  # INSERT OR REPLACE fires the delete guard too.
    "pragma cell_size_check = on",  # A damaged page is an error, not a wrong answer.
    "pragma trusted_schema = off",
    "pragma secure_delete = on",  # What is erased is overwritten in the file too, however SQLite was built (AUD-6).
)


def open_sqlite(path: Path) -> Engine:
    """Return the engine of a SQLite file; a missing file is created at the first connection."""

    def connect() -> sqlite3.Connection:
        # `isolation_level=None`: transactions are begun below, so that a writer takes the lock at once.
        return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)

    # No pool: nothing stays open between two calls, so a forked or killed process leaves no handle behind.
    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def writer(engine: Engine, *, is_patient: bool = True) -> Engine:
    """Return the same engine whose transactions hold the write lock from their first statement on.

    Not patient: whoever holds it is not waited for.
    """
    return engine.execution_options(**{_WRITES: True, _WAITS: is_patient})


def missing_guards(rows: Iterable[Sequence[Any]]) -> list[str]:
    """Return which guards were removed or changed, given the rows of `GUARDS_QUERY`."""
    present = {str(name): str(sql or "") for name, sql in rows}
    return [name for name, statement in GUARDS.items() if present.get(name, "").casefold() != statement.casefold()]


def is_busy(error: DBAPIError) -> bool:
    """Say whether a statement failed only because somebody else held the write lock too long."""
    return any(word in str(error.orig) for word in ("locked", "busy"))


def _set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_WAITS, True):
        # For this connection alone: none is used twice.
        connection.exec_driver_sql("pragma busy_timeout = 0")
    connection.exec_driver_sql("begin immediate" if options.get(_WRITES, False) else "begin")


def _refusal(name: str, moment: str, table: str, condition: str, why: str) -> tuple[str, str]:
    when = f" when {condition}" if condition else ""
    return name, f"create trigger {name} before {moment} on {table}{when} begin select raise(abort, '{why}'); end"


def _guards() -> dict[str, str]:
    found = [
        _refusal(f"{table}_are_never_{past}", verb, table, "", f"rows of {table} are never {past}")
        for table in ("events", "attempts", "schema_versions")
        for verb, past in (("update", "updated"), ("delete", "deleted"))
    ]
    next_sequence = "(select coalesce(max(sequence), 0) + 1 from events)"
    last_hash = "(select event_hash from events order by sequence desc limit 1)"
    is_not_next = (
        f"new.sequence is not {next_sequence} or new.previous_hash is not coalesce({last_hash}, '{GENESIS_HASH}')"
    )
    found.append(_refusal("events_are_only_appended", "insert", "events", is_not_next, "an event must follow the last"))
    return dict(found)


GUARDS = _guards()
END = tuple(
    _refusal(f"{table}_end_here", "insert", table, "", "this ledger moved to another place")[1]
    for table in ("events", "attempts")
)
