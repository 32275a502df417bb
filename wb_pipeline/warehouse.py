"""Opening the warehouse: one process, one connection, one lock for the whole run (law 6). Tables are made elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.home import Home

_LOOK_AGAIN_SECONDS = 10.0
# Time columns are UTC without a zone; DuckDB must not convert by the machine's zone.
# What is derived need not be checkpointed in the middle of a run.
_SETTINGS = {"TimeZone": "UTC", "preserve_insertion_order": False, "wal_autocheckpoint": "1GB"}


@contextmanager
def open_warehouse(
    home: Home,
    *,
    say: Callable[[str], object] = lambda _message: None,
    wait_seconds: float = 3600,
    fresh: bool = False,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield the warehouse's connection while holding its lock; `fresh` deletes the file first.

    The lock belongs to the process and is gone when it is killed. A damaged file is set aside: the warehouse is
    derived, and the run writes what it needs again. Raises InputError when another run holds the lock for longer than
    `wait_seconds`, or another program has the file open.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.warehouse_lock)
    _acquire(lock, say, wait_seconds)
    try:
        if fresh:
            _delete(home)
        connection = _connect(home, say)
        try:
            yield connection
        finally:
            connection.close()
    finally:
        lock.release()


@contextmanager
def scratch_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a warehouse of nobody's, which is gone afterwards: for trying what a run would come to."""
    import duckdb

    with TemporaryDirectory(prefix="wb-scratch-") as folder:
        connection = duckdb.connect()
        try:
            connection.execute("set temp_directory = ?", [folder])
            _set_up(connection)
            yield connection
        finally:
            connection.close()


def _delete(home: Home) -> None:
    for path in (home.warehouse, home.warehouse.with_suffix(".duckdb.wal")):
        path.unlink(missing_ok=True)


def _acquire(lock: FileLock, say: Callable[[str], object], wait_seconds: float) -> None:
    waited = 0.0
    while True:
        step = min(_LOOK_AGAIN_SECONDS, wait_seconds - waited)
        try:
            lock.acquire(timeout=step)
        except Timeout:
            waited += step
            if waited >= wait_seconds:
                message = f"another run has held {lock.lock_file} for {waited:.0f} seconds"
                raise InputError(message, hint="wait for it to end, or end it") from None
            say(f"another run holds the warehouse; waiting ({waited:.0f} s)")
        else:
            return


def _set_up(connection: duckdb.DuckDBPyConnection) -> None:
    for name, value in _SETTINGS.items():
        connection.execute(f"set {name} = '{value}'")


def _connect(home: Home, say: Callable[[str], object]) -> duckdb.DuckDBPyConnection:
    import duckdb

    def connect() -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(str(home.warehouse))
        _set_up(connection)
        return connection

    try:
        return connect()
    except duckdb.Error as error:
        if "lock on file" in str(error):
            message = f"another program has {home.warehouse} open"
            raise InputError(message, hint="close it; readers use the published files instead") from error
        aside = home.warehouse.with_suffix(".duckdb.damaged")
        say(f"the warehouse cannot be read ({type(error).__name__}); it is kept as {aside.name} and made anew")
        home.warehouse.replace(aside)
        home.warehouse.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        return connect()
