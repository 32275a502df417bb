"""Postgres as the ledger's database: connecting, the write lock, triggers as guards. Nothing of other databases."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakSet

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool, Pool, QueuePool

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.chain import GENESIS_HASH

BUSY_SECONDS = 60
CONNECT_SECONDS = 10
WAY_OUT = "is the server up, and does WB_LEDGER name it? Then run `wb audit verify`"
_WRITES, _WAITS = "wb_writes", "wb_waits"
_INSTALL = "install the extra: pip install 'wb-pipeline[postgres]'"

_ONE_MOMENT = "set transaction isolation level repeatable read, read only"
# Read committed: what is read behind the lock is as it stands when the lock is had, not when it was asked for.
# Only one at a time may write into one schema. The lock ends with the transaction, also when its process is killed.
_LOCK = f"""\
set transaction isolation level read committed, read write;
set local lock_timeout = '{BUSY_SECONDS}s';
set local synchronous_commit = on;
select pg_advisory_xact_lock(hashtext('wb_pipeline ledger'), hashtext(current_schema()));"""

_KEPT: dict[str, Any] = {"poolclass": QueuePool, "pool_size": 4, "max_overflow": 40, "pool_pre_ping": True}
_ENGINES: WeakSet[Engine] = WeakSet()
# Kept from being collected, which would end what the parent still uses.
_OF_PARENT: list[Pool] = []
_LOCK_AT_ONCE = _LOCK.replace(f"'{BUSY_SECONDS}s'", "'100ms'")


def open_postgres(url: str, *, keeps_sessions: bool = False) -> Engine:
    """Return the engine of a Postgres database; its readers see one moment and cannot write.

    One that keeps its sessions uses one per thread again and again, opens another where it broke, and has to be
    disposed of.
    """
    try:
        engine = create_engine(
            _driver_url(url),
            **(_KEPT if keeps_sessions else {"poolclass": NullPool}),
            connect_args={"prepare_threshold": None},  # No plans that outlive a change of the tables.
            use_native_hstore=False,  # Would ask the database about a type, once per connection.
        )
    except ImportError as error:
        raise InputError("the ledger is in Postgres, and psycopg is not installed", hint=_INSTALL) from error
    event.listen(engine, "connect", _refuse_other_encodings)
    event.listen(engine, "begin", _begin)
    _ENGINES.add(engine)
    return engine


def _leave_to_parent() -> None:
    """Use no session of the parent process in a forked one, and close none of them."""
    for engine in _ENGINES:
        _OF_PARENT.append(engine.pool)
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_leave_to_parent)


def writer(engine: Engine, *, is_patient: bool = True) -> Engine:
    """Return the same engine whose transactions hold the write lock from their first statement on.

    Not patient: whoever holds it is not waited for.
    """
    return engine.execution_options(**{_WRITES: True, _WAITS: is_patient})


def missing_guards(rows: Iterable[Sequence[Any]]) -> list[str]:
    """Return which guards were removed, changed or switched off, given the rows of `GUARDS_QUERY`."""
    present = {str(name): (table, kind, body) for name, table, kind, body in rows}
    return [name for name, guard in _GUARDS.items() if present.get(name) != guard]


def is_busy(error: DBAPIError) -> bool:
    """Say whether a statement failed only because somebody else held the write lock too long."""
    return getattr(error.orig, "sqlstate", None) in {"55P03", "40P01"}


def _driver_url(url: str) -> URL:
    try:
        parsed = make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        # Not the library's words: they may show the password.
        raise InputError("the URL of the ledger cannot be read", hint="write postgresql://user@host/database") from None
    defaults = {"connect_timeout": str(CONNECT_SECONDS), "application_name": "wb_pipeline"}
    return parsed.update_query_dict({name: text for name, text in defaults.items() if name not in parsed.query})


def _refuse_other_encodings(connection: Any, _record: Any) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        hint = "make one with: create database ... encoding 'UTF8' template template0"
        raise InputError(f"the ledger's database holds text as {encoding}, not as UTF8", hint=hint)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    lock = _LOCK if options.get(_WAITS, True) else _LOCK_AT_ONCE
    statement = lock if options.get(_WRITES, False) else _ONE_MOMENT
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


# The bits of pg_trigger.tgtype: for each row, before; the deed.
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32
_DEEDS = (
    ("update", "updated", "row", _ROW | _BEFORE | _UPDATE),
    ("delete", "deleted", "row", _ROW | _BEFORE | _DELETE),
    ("truncate", "truncated", "statement", _BEFORE | _TRUNCATE),
)
# `always`: also for who sets session_replication_role = replica, with which a restore would pass them by.
GUARDS_QUERY = """\
select t.tgname, c.relname, t.tgtype::integer as tgtype, p.prosrc
from pg_catalog.pg_trigger as t
inner join pg_catalog.pg_class as c on c.oid = t.tgrelid
inner join pg_catalog.pg_proc as p on p.oid = t.tgfoid
where c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident(current_schema()))
and t.tgenabled = 'A' and t.tgqual is null and t.tgattr = '' and t.tgnargs = 0"""

# The table is named in full: whoever inserts may have a search path, or a temporary table, of its own.
_IS_NEXT = """
declare
    last_sequence bigint;
    last_hash text;
begin
    execute pg_catalog.format(
        'select sequence, event_hash from %I.%I order by sequence desc limit 1', tg_table_schema, tg_table_name
    ) into last_sequence, last_hash;
    if new.sequence is distinct from coalesce(last_sequence, 0) + 1
        or new.previous_hash is distinct from coalesce(last_hash, 'GENESIS_HASH')
    then
        raise exception 'an event must follow the last';
    end if;
    return new;
end
""".replace("GENESIS_HASH", GENESIS_HASH)

Guard = tuple[str, int, str]
"""The table, the kind of trigger, the body of its function."""


def _guards() -> dict[str, Guard]:
    found: dict[str, Guard] = {
        f"{table}_are_never_{past}": (table, kind, f"\nbegin raise exception 'rows of {table} are never {past}'; end\n")
        for table in ("events", "attempts", "schema_versions")
        for _, past, _, kind in _DEEDS
    }
    return found | {"events_are_only_appended": ("events", _ROW | _BEFORE | _INSERT, _IS_NEXT)}


def _statement(name: str, guard: Guard) -> str:
    table, kind, body = guard
    events = {kind: (verb, each) for verb, _, each, kind in _DEEDS} | {_ROW | _BEFORE | _INSERT: ("insert", "row")}
    verb, each = events[kind]
    return (
        f"create function {name}() returns trigger language plpgsql as $guard${body}$guard$;\n"
        f"create trigger {name} before {verb} on {table} for each {each} execute function {name}();\n"
        f"alter table {table} enable always trigger {name};"
    )


_GUARDS = _guards()
GUARDS = {name: _statement(name, guard) for name, guard in _GUARDS.items()}
END = tuple(
    _statement(
        f"{table}_end_here",
        (table, _ROW | _BEFORE | _INSERT, "\nbegin raise exception 'this ledger moved to another place'; end\n"),
    )
    for table in ("events", "attempts")
)
