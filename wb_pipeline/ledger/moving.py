"""Moves a ledger into another database: all of it, in one transaction, verified there, and only there from then on.

Files that the ledger cites stay in the home. What is said where the ledger was is in `moved`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select
from sqlalchemy.exc import DBAPIError

from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger import dialects, place, tables
from wb_pipeline.ledger.chain import GENESIS, Head, event_hash
from wb_pipeline.ledger.kept_values import value_digest
from wb_pipeline.ledger.moved import leave_word, word
from wb_pipeline.ledger.store import Clock, Ledger, create_tables
from wb_pipeline.ledger.times import utc_now, utc_text

_MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Move:
    """What arrived. `left_behind`: the file that the ledger moved out of, None where it was in a server."""

    head: Head
    kept_values: int
    attempts: int
    left_behind: Path | None


def move_ledger(home: Home, target_url: str | None, *, by: str, clock: Clock = utc_now) -> Move:
    """Move a home's ledger into an empty Postgres database, or into the home's SQLite file (None).

    Killed at any moment, it is finished by starting it again. Raises InputError where something lies there already or
    the ledger is in use, AuditError where the chain does not verify.
    """
    if not by.strip():
        raise InputError("to move a ledger needs the name of who moves it")
    source_url = place.ledger_url(home) if home.ledger_marker.is_file() else None
    if source_url == target_url:
        raise InputError("the ledger lies there already")
    source = dialects.open_engine(source_url or f"sqlite:///{home.ledger}")
    target = dialects.open_engine(target_url or f"sqlite:///{_arriving(home)}")
    with _plain_errors(source), source.begin() as connection:
        is_moved = bool(word(connection))
    if not is_moved:
        # Finds a chain that was cut: its end would be forgotten here.
        Ledger.on(source, home)
    head = _carry(source, target, by, utc_text(clock()))
    with _plain_errors(target), target.begin() as connection:
        kept, runs = _count(connection, tables.kept_values), _count(connection, tables.attempts)
    return Move(head, kept, runs, _settle(home, source, target_url))


def verified_head(connection: Connection) -> Head:
    """Return the head of the chain, every event of which was hashed again. Raises AuditError at the first wrong one."""
    head = GENESIS
    for row in _rows(connection, tables.events):
        is_next = row["sequence"] == head.sequence + 1 and row["previous_hash"] == head.event_hash
        if not is_next or event_hash(row) != row["event_hash"]:
            message = f"event {head.sequence + 1} of the ledger is not the one that was written"
            raise AuditError(message, hint="run `wb audit verify`; nothing was moved")
        head = Head(row["sequence"], row["event_hash"])
    return head


def _carry(source: Engine, target: Engine, by: str, moved_at: str) -> Head:
    """Copy, verify, and leave the word; the write lock of the source is held all the while."""
    with _plain_errors(source), dialects.writer_at_once(source).begin() as old:
        head = verified_head(old)
        with _plain_errors(target), dialects.writer(target).begin() as new:
            if not _is_there(new, head):
                create_tables(new, moved_at)
                _copy(old, new)
            if verified_head(new) != head:
                raise AuditError("what arrived is not what was sent: nothing was moved")
        # Behind the commit over there: killed here, the next call finds the same chain in both and goes on.
        if not word(old):
            leave_word(old, head, moved_to=_NAMES[target.dialect.name], moved_by=by, moved_at=moved_at)
    return head


_NAMES = {"sqlite": "the SQLite file of its home", "postgresql": "Postgres"}


def _is_there(connection: Connection, head: Head) -> bool:
    """Say whether an earlier call copied everything. Raises InputError where anything else lies there."""
    names = [table.name for table in tables.metadata.sorted_tables]
    if not any(connection.dialect.has_table(connection, name) for name in names):
        return False
    columns = tables.events.c
    query = select(columns.sequence, columns.event_hash).order_by(columns.sequence.desc()).limit(1)
    row = connection.execute(query).first() if connection.dialect.has_table(connection, "events") else None
    if head == GENESIS or row is None or Head(row.sequence, row.event_hash) != head or word(connection):
        raise InputError("a ledger lies there already", hint="name an empty database, or a schema of its own")
    return True


def _copy(old: Connection, new: Connection) -> None:
    for row in _rows(old, tables.kept_values):
        if value_digest(row["salt"], row["value"]) != row["digest"]:
            message = f"the kept value {row['digest'][:16]} is not the one that the ledger cites"
            raise AuditError(message, hint="run `wb audit verify`; nothing was moved")
    for table in (tables.events, tables.kept_values, tables.attempts):
        waiting: list[Mapping[str, Any]] = []
        for row in _rows(old, table):
            # The database numbers attempts itself; their order is what counts.
            waiting.append({name: value for name, value in row.items() if name != "attempt_number"})
            if len(waiting) == _MOST_AT_ONCE:
                new.execute(insert(table), waiting)
                waiting = []
        if waiting:
            new.execute(insert(table), waiting)


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    key = next(iter(table.primary_key.columns))
    query = select(table).order_by(key).execution_options(yield_per=_MOST_AT_ONCE)
    for row in connection.execute(query).mappings():
        yield dict(row)


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _settle(home: Home, source: Engine, target_url: str | None) -> Path | None:
    """Let the home know where its ledger lies now; each step may be done already.

    The file that a ledger moved out of stays where it is: whoever opened it before finds the word, and not a new file.
    """
    if target_url is not None:
        place.mark_as_elsewhere(home)
        return home.ledger if source.dialect.name == "sqlite" else None
    if home.ledger.exists():
        _empty_log(home)
    _arriving(home).replace(home.ledger)
    home.ledger_marker.unlink(missing_ok=True)
    return None


def _empty_log(home: Home) -> None:
    """Empty the log of an old file: beside the new file it would be taken for that one's."""
    old = dialects.open_engine(f"sqlite:///{home.ledger}")
    with _plain_errors(old), old.connect() as connection:
        raw = connection.connection.dbapi_connection
        if raw is None or raw.execute("pragma wal_checkpoint(truncate)").fetchone()[0]:
            raise AuditError("the old file is still in use", hint="start it again: everything has arrived")


def _arriving(home: Home) -> Path:
    return home.root / "ledger.arriving.sqlite"


@contextmanager
def _plain_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise dialects.plain_error(error, engine.dialect.name) from error
