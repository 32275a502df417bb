"""A session with a CRM in Postgres, and its errors as kinds of answers. No statement about records."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from wb_pipeline.connectors.writing import CrmError, Locked, Refused, Unavailable
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT_SECONDS = 10
_LOCKED = {"55P03", "40P01", "40001"}  # lock not available, deadlock, serialization failure
# No room or connections left, stopped or cancelled from outside, a standby that takes no writes, a broken connection.
_UNAVAILABLE = ("53", "57", "58", "08", "25006", "XX")


def connect(url: str) -> psycopg.Connection[Any]:
    """Open a session in which every statement is a transaction of its own. Raises InputError if that cannot be."""
    try:
        connection = psycopg.connect(
            url, autocommit=True, connect_timeout=CONNECT_SECONDS, application_name="wb_pipeline"
        )
    except psycopg.OperationalError as error:
        message = f"the CRM's database cannot be reached: {first_line(error)}"
        raise InputError(message, hint="is the server up, and does the URL name it?") from error
    except psycopg.Error:
        # Not the library's words: they may show the password.
        hint = "write postgresql://user@host/database"
        raise InputError("the URL of the CRM's database cannot be read", hint=hint) from None
    # Times come back in UTC, whatever the server's settings are.
    connection.execute("set time zone 'UTC'")
    return connection


def database_name(url: str) -> str:
    """Return what messages and the audit call the CRM: holds neither a password nor a host."""
    try:
        return f"postgres:{conninfo_to_dict(url).get('dbname') or ''}"
    except psycopg.Error:
        return "postgres:"


def has_password(url: str) -> bool:
    """Say whether a URL holds a password, or cannot be read and may hold one."""
    try:
        return bool(conninfo_to_dict(url).get("password"))
    except psycopg.Error:
        return True


def is_lost(error: psycopg.Error, connection: psycopg.Connection[Any]) -> bool:
    """Say whether the connection is gone: then nobody knows what the server made of the last statement."""
    return connection.closed or (isinstance(error, psycopg.OperationalError) and error.sqlstate is None)


def as_answer(error: psycopg.Error) -> CrmError:
    """Return an error of a statement that surely had no effect. Its text holds no value: the database's own may."""
    state = error.sqlstate or ""
    if state in _LOCKED:
        return Locked("The record is locked by somebody else.")
    if not state or state.startswith(_UNAVAILABLE):
        return Unavailable(f"The database cannot carry it out now: {_kind(error)}.")
    return Refused(f"The database refused it: {_kind(error)}{_place(error)}.")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn errors of statements that only read into kinds of answers."""
    try:
        yield
    except psycopg.Error as error:
        raise as_answer(error) from error


def first_line(error: psycopg.Error) -> str:
    """Return the first line of the database's own words."""
    return next(iter(str(error).splitlines()), "")


def _kind(error: psycopg.Error) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(error).__name__).strip()


def _place(error: psycopg.Error) -> str:
    diagnosis = error.diag
    named = (("constraint", diagnosis.constraint_name), ("column", diagnosis.column_name))
    return "".join(f", {word} {name[:80]}" for word, name in named if name)
