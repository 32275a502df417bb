"""Reads the ledger's tables raw, in whichever database they are, and believes nothing of them. Checks nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol

from sqlalchemy.exc import DBAPIError

from wb_pipeline.home import Home
from wb_pipeline.ledger import dialects, tables
from wb_pipeline.ledger.place import ledger_url

# By the rows as they lie there, not by an index: what is read is what is stored.
_NO_INDEX = "set local enable_indexscan = off; set local enable_indexonlyscan = off; set local enable_bitmapscan = off"


class UnreadableError(Exception):
    """The ledger, or a table of it, cannot be read."""


class RawLedger(Protocol):
    """The stored rows of a ledger."""

    def rows(self, table: str, columns: Sequence[str], order_by: str) -> list[tuple[Any, ...]]:
        """Return the rows of one of our tables; none if there is no such table yet."""

    def missing_guards(self) -> list[str]:
        """Return the names of the guards that were removed, changed or switched off."""


@contextmanager
def raw_ledger(home: Home) -> Iterator[RawLedger]:
    """Open the ledger of a home to read. Raises UnreadableError, InputError where WB_LEDGER is missing."""
    url = ledger_url(home)
    try:
        if url is None:
            with closing(_connect(home)) as connection:
                yield _RawSqlite(connection)
        else:
            with dialects.open_engine(url).begin() as connected:
                connected.exec_driver_sql(_NO_INDEX, execution_options={"no_parameters": True})
                yield _RawDatabase(connected)
    except (sqlite3.Error, DBAPIError) as error:
        raise UnreadableError(dialects.first_line(error)) from error


def _connect(home: Home) -> sqlite3.Connection:
    if not home.ledger.is_file():
        raise UnreadableError("there is no such file")
    return sqlite3.connect(home.ledger, timeout=dialects.BUSY_SECONDS)


class _RawSqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("pragma cell_size_check = on")
        for (problem,) in connection.execute("pragma integrity_check(1)"):
            if problem != "ok":
                raise sqlite3.DatabaseError(problem)

    def rows(self, table: str, columns: Sequence[str], order_by: str) -> list[tuple[Any, ...]]:  # noqa: ARG002 - see below
        known = self._connection.execute("select count(*) from sqlite_master where name = ?", [table]).fetchone()[0]
        # By row number: every table of ours has a key, but a key's index may say otherwise.
        query = _query(table, columns, "rowid")
        return self._connection.execute(query).fetchall() if known else []

    def missing_guards(self) -> list[str]:
        return dialects.missing_guards("sqlite", self._connection.execute(dialects.guards_query("sqlite")).fetchall())


class _RawDatabase:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, table: str, columns: Sequence[str], order_by: str) -> list[tuple[Any, ...]]:
        if not self._connection.dialect.has_table(self._connection, table):
            return []
        return [tuple(row) for row in self._connection.exec_driver_sql(_query(table, columns, order_by))]

    def missing_guards(self) -> list[str]:
        name = self._connection.dialect.name
        found: Iterable[Sequence[Any]] = self._connection.exec_driver_sql(dialects.guards_query(name)).all()
        return dialects.missing_guards(name, found)


def _query(table: str, columns: Sequence[str], order_by: str) -> str:
    names = [tables.metadata.tables[table].columns[column].name for column in columns]
    return f"select {', '.join(names)} from {table} order by {order_by}"  # noqa: S608 - our own names only
