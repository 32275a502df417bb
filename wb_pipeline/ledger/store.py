"""The ledger: append-only events in one hash chain. What the kinds of events mean is in `kinds`."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, Select, insert, select
from sqlalchemy.exc import DBAPIError

from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger import dialects, head_file, kept_values, moved, place, tables
from wb_pipeline.ledger.chain import GENESIS, Event, Head, NewEvent, sealed_row
from wb_pipeline.ledger.times import utc_now, utc_text

Clock = Callable[[], datetime]


class Book:
    """The ledger while its write lock is held: what is read here still holds when something is appended.

    Made by `Ledger.writing` only; unusable after that block.
    """

    def __init__(self, connection: Connection, head: Head, recorded_by: str, clock: Clock) -> None:
        self._connection = connection
        self._recorded_by = recorded_by
        self._clock = clock
        self._to_keep: list[dict[str, str]] = []
        self.head = head

    def events(self, kind: str | None = None, *, after: int = 0, subject: str | None = None) -> list[Event]:
        """Return events in order, as `Ledger.events` does."""
        return _read(self._connection, kind, after, subject)

    def keep(self, value: str) -> str:
        """Keep a personal value beside the chain; return the digest by which events of this block cite it."""
        self._to_keep.append(kept_values.kept_row(value))
        return self._to_keep[-1]["digest"]

    def store_kept(self) -> None:
        """Store what is to be kept; `Ledger.writing` does so before it commits."""
        kept_values.store_rows(self._connection, self._to_keep)
        self._to_keep.clear()

    def kept(self, digests: Iterable[str]) -> dict[str, str]:
        """Return kept values, as `Ledger.kept` does."""
        self.store_kept()
        return kept_values.kept_values(self._connection, digests)

    def erase(self, digests: Iterable[str]) -> int:
        """Remove kept values; return how many there were. `erasures.erase_kept_values` leaves the tombstone too."""
        self.store_kept()
        return kept_values.remove_values(self._connection, digests)

    def append(self, new: Sequence[NewEvent]) -> list[Event]:
        """Put events behind the head; they are committed when the block ends."""
        recorded_at = utc_text(self._clock())
        rows = []
        for event in new:
            row = sealed_row(event, self.head, recorded_at=recorded_at, recorded_by=self._recorded_by)
            self.head = Head(row["sequence"], row["event_hash"])
            rows.append(row)
        if rows:
            self._connection.execute(insert(tables.events), rows)
        return [_event(row) for row in rows]


class Ledger:
    """An open ledger. Safe for many processes at once.

    In SQLite no connection stays open between two calls. A server's session is used again, one per thread, and ends
    with this object.

    Every method raises AuditError where the database is damaged, cut or refuses a row.
    """

    def __init__(self, engine: Engine, head_path: Path, clock: Clock = utc_now) -> None:
        self._engine = engine
        weakref.finalize(self, engine.dispose)
        self._head_path = head_path
        self.clock = clock

    @classmethod
    def open(cls, home: Home, *, url: str | None = None, clock: Clock = utc_now) -> Ledger:
        """Open the ledger of a home, made on first use: in Postgres where `url` or WB_LEDGER says so, else in SQLite.

        Raises AuditError if it was cut or is from a later release, InputError if home and URL do not go together.
        """
        url = place.ledger_url(home, url)
        home.root.mkdir(parents=True, exist_ok=True)
        if url is None and not home.ledger.exists():
            place.refuse_lost(home)
        engine = dialects.open_engine(url or f"sqlite:///{home.ledger}", keeps_sessions=True)
        return cls.on(engine, home, clock)

    @classmethod
    def on(cls, engine: Engine, home: Home, clock: Clock = utc_now) -> Ledger:
        """Open the ledger of a home in a database, whatever WB_LEDGER says; raises what `open` raises."""
        ledger = cls(engine, home.root / head_file.FILE_NAME, clock)
        ledger._prepare(home)
        return ledger

    @property
    def is_shared(self) -> bool:
        """Whether other machines may write it too: it lies in a server, not in a file of the home."""
        return self._engine.dialect.name != "sqlite"

    @contextmanager
    def writing(self, recorded_by: str) -> Iterator[Book]:
        """Hold the write lock; commit what the block appended when it ends, nothing if it raises."""
        with self._plain_errors():
            with dialects.writer(self._engine).begin() as connection:
                head = _head(connection)
                self._refuse_if_cut(connection, head, head_file.read_head(self._head_path))
                book = Book(connection, head, recorded_by, self.clock)
                yield book
                book.store_kept()
            # Behind the commit: a crash here leaves the file older than the chain, which is no finding.
            if book.head != head:
                head_file.advance_head(self._head_path, book.head)

    def append(self, new: Sequence[NewEvent], *, recorded_by: str, expected_head: Head | None = None) -> list[Event]:
        """Append events, all or none. Raises AuditError if `expected_head` is given and is no longer the head."""
        with self.writing(recorded_by) as book:
            if expected_head is not None and book.head != expected_head:
                raise AuditError(
                    f"the ledger stands at event {book.head.sequence}, not at {expected_head.sequence} as expected",
                    hint="somebody else wrote in between: read again and retry",
                )
            return book.append(new)

    def append_unless_exists(self, new: NewEvent, *, recorded_by: str) -> tuple[Event, bool]:
        """Append an event unless one of its kind and subject exists; return the event and whether it is new."""
        with self.writing(recorded_by) as book:
            earlier = book.events(new.kind, subject=new.subject)
            return (earlier[-1], False) if earlier else (book.append([new])[0], True)

    def events(self, kind: str | None = None, *, after: int = 0, subject: str | None = None) -> list[Event]:
        """Return events in order: of one kind, behind a sequence, about one subject, where given."""
        with self.reading() as connection:
            return _read(connection, kind, after, subject)

    def events_of(self, kinds: Collection[str]) -> list[Event]:
        """Return the events of some kinds in order: those of others are not taken out of the database."""
        query = select(tables.events).where(tables.events.c.kind.in_(sorted(kinds))).order_by(tables.events.c.sequence)
        with self.reading() as connection:
            return [_event(dict(row)) for row in connection.execute(query).mappings()]

    def kept(self, digests: Iterable[str]) -> dict[str, str]:
        """Return {digest: value} of the values that events cite; an erased one is missing.

        Raises AuditError for a value that was changed.
        """
        with self.reading() as connection:
            return kept_values.kept_values(connection, digests)

    def head(self) -> Head:
        """Return the newest event's sequence and hash."""
        with self.reading() as connection:
            return _head(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one moment of the ledger."""
        with self._plain_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def unchained(self) -> Iterator[Connection]:
        """Yield a writing connection for tables outside the chain (`attempts`)."""
        with self._plain_errors(), dialects.writer(self._engine).begin() as connection:
            yield connection

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Turn a database's errors into AuditError with a plain sentence."""
        try:
            yield
        except (DBAPIError, sqlite3.DatabaseError) as error:
            raise dialects.plain_error(error, self._engine.dialect.name) from error

    def _prepare(self, home: Home) -> None:
        # The first opening switches the file to WAL, for which SQLite does not wait in line: so we do.
        with FileLock(self._head_path.with_name("ledger.open.lock")), self._plain_errors():
            known = head_file.read_head(self._head_path)
            with self._engine.begin() as connection:
                version = _schema_version(connection)
                moved.refuse_moved(connection)
            if version == 0:
                place.refuse_lost(home)
                # Before the first event there is a head file: from now on a missing one is a finding.
                if known is None:
                    head_file.advance_head(self._head_path, GENESIS)
                if self._engine.dialect.name != "sqlite":
                    place.mark_as_elsewhere(home)
                with dialects.writer(self._engine).begin() as connection:
                    create_tables(connection, utc_text(self.clock()))
            elif version > tables.SCHEMA_VERSION:
                raise AuditError(f"the ledger has schema version {version}", hint="it was made by a later release")
            elif version < tables.SCHEMA_VERSION:
                # Releases only ever added tables: events stay as they are.
                with dialects.writer(self._engine).begin() as connection:
                    _note_version(connection, utc_text(self.clock()))
            # The file before the chain: what another process appends in between is no cut.
            known = head_file.read_head(self._head_path)
            with self._engine.begin() as connection:
                self._refuse_if_cut(connection, _head(connection), known)

    def _refuse_if_cut(self, connection: Connection, head: Head, known: Head | None) -> None:
        """Nothing is appended to a cut or rewritten chain: new events would cover the traces.

        `known` is the head file's head, read before the chain's.
        """
        hint = "run `wb audit verify`; restore the ledger from a backup"
        if known is None:
            raise AuditError(f"{self._head_path.name} is missing", hint=hint)
        if known.sequence > head.sequence:
            message = f"the ledger ends at event {head.sequence}, but {known.sequence} were written"
            raise AuditError(message, hint=hint)
        if known.sequence:
            query = select(tables.events.c.event_hash).where(tables.events.c.sequence == known.sequence)
            if connection.execute(query).scalar() != known.event_hash:
                raise AuditError(f"event {known.sequence} of the ledger is not the one that was written", hint=hint)


def create_tables(connection: Connection, created_at: str) -> None:
    """Make the tables of a new ledger and their guards."""
    _note_version(connection, created_at)
    dialects.set_guards(connection)


def _note_version(connection: Connection, created_at: str) -> None:
    """Add the tables that are missing, and say which version this is now."""
    tables.metadata.create_all(connection)
    connection.execute(insert(tables.schema_versions), {"version": tables.SCHEMA_VERSION, "created_at": created_at})


def _schema_version(connection: Connection) -> int:
    if not connection.dialect.has_table(connection, tables.schema_versions.name):
        return 0
    query = select(tables.schema_versions.c.version).order_by(tables.schema_versions.c.version.desc()).limit(1)
    return int(connection.execute(query).scalar() or 0)


def _head(connection: Connection) -> Head:
    columns = tables.events.c
    query = select(columns.sequence, columns.event_hash).order_by(columns.sequence.desc()).limit(1)
    row = connection.execute(query).first()
    return GENESIS if row is None else Head(row.sequence, row.event_hash)


def _read(connection: Connection, kind: str | None, after: int, subject: str | None) -> list[Event]:
    columns = tables.events.c
    query: Select[Any] = select(tables.events).where(columns.sequence > after).order_by(columns.sequence)
    if kind is not None:
        query = query.where(columns.kind == kind)
    if subject is not None:
        query = query.where(columns.subject == subject)
    return [_event(dict(row)) for row in connection.execute(query).mappings()]


def _event(row: dict[str, Any]) -> Event:
    try:
        payload = json.loads(row["payload"])
    except (TypeError, ValueError) as error:
        raise AuditError(f"event {row['sequence']} of the ledger is damaged", hint="run `wb audit verify`") from error
    return Event(**(row | {"payload": payload}))
