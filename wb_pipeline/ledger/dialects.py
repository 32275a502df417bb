"""What one database needs of its own: connecting, taking the write lock, refusing changes. Here one of them is chosen.

Adding a database = one module like `dialect_sqlite` and one entry in `_DIALECTS`; `store` stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.ledger import dialect_postgres, dialect_sqlite
from wb_pipeline.ledger.dialect_sqlite import open_sqlite
from wb_pipeline.ledger.place import is_postgres

MOVED = "this ledger moved to another place"
"""What a database says that a ledger moved out of."""
BUSY_SECONDS = dialect_sqlite.BUSY_SECONDS
_DIALECTS: dict[str, ModuleType] = {"sqlite": dialect_sqlite, "postgresql": dialect_postgres}


def open_engine(url: str, *, keeps_sessions: bool = False) -> Engine:
    """Return the engine of a ledger at a URL. Raises InputError for a database that is not supported.

    `keeps_sessions`: a server's session is used again, until the engine is disposed of.
    """
    if is_postgres(url):
        return dialect_postgres.open_postgres(url, keeps_sessions=keeps_sessions)
    prefix = "sqlite:///"
    if url.startswith(prefix):
        return open_sqlite(Path(url.removeprefix(prefix)))
    # What stands before the colon holds no secret, if there is a colon at all.
    scheme = url.partition("://")[0][:20] if "://" in url else "this address"
    raise InputError(f"no ledger at {scheme!r}: only SQLite and Postgres are supported", hint="use postgresql://...")


def writer(engine: Engine) -> Engine:
    """Return the same engine whose transactions hold the write lock from their first statement on."""
    found: Engine = _DIALECTS[engine.dialect.name].writer(engine)
    return found


def writer_at_once(engine: Engine) -> Engine:
    """Return the same, where whoever holds the lock is not waited for."""
    found: Engine = _DIALECTS[engine.dialect.name].writer(engine, is_patient=False)
    return found


def end_tables(connection: Connection) -> None:
    """Let the database refuse every further event and attempt: the ledger goes on in another place."""
    for statement in _DIALECTS[connection.dialect.name].END:
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def guards(dialect_name: str) -> dict[str, str]:
    """Return the guards (name -> statement) by which the database itself refuses updates, deletes and gaps."""
    found: dict[str, str] = _DIALECTS[dialect_name].GUARDS
    return found


def set_guards(connection: Connection) -> None:
    """Let the database refuse updates, deletes and gaps from now on."""
    for statement in guards(connection.dialect.name).values():
        # Without parameters, so that a percent sign is one.
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def guards_query(dialect_name: str) -> str:
    """Return the query for the guards that there are; its rows are for `missing_guards`."""
    found: str = _DIALECTS[dialect_name].GUARDS_QUERY
    return found


def missing_guards(dialect_name: str, rows: Iterable[Sequence[Any]]) -> list[str]:
    """Return the names of the guards that were removed, changed or switched off."""
    found: list[str] = _DIALECTS[dialect_name].missing_guards(rows)
    return found


def plain_error(error: Exception, dialect_name: str) -> AuditError:
    """Return a database's error as one plain sentence with the way out."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if MOVED in str(cause):
        return AuditError(MOVED, hint="start this program again: WB_LEDGER tells where the ledger lies now")
    if isinstance(error, OperationalError):
        if _DIALECTS[dialect_name].is_busy(error):
            return AuditError("the ledger is in use by another process", hint="try again")
        return AuditError(f"the ledger cannot be used: {first_line(cause)}", hint=_DIALECTS[dialect_name].WAY_OUT)
    return AuditError(f"the ledger is damaged or refused a row: {first_line(cause)}", hint="run `wb audit verify`")


def first_line(error: BaseException | None) -> str:
    """Return the first line of a database's own words: what follows is its code, or a statement."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return next(iter(str(cause).splitlines()), "")
