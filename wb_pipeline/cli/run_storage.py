"""Makes the orchestrator's SQLite files cheap to use during `wb run`: hundreds of events, each a commit of its own.

They hold the history of runs, not the books: after a power cut the last events of a run may be missing, nothing else.
The ledger is not touched, it keeps its own, strict settings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log.sqlite import sqlite_event_log
from sqlalchemy import event
from sqlalchemy.engine import Engine

# Its name for the maker of engines is its own affair, but there is no setting for this.
_EVENT_LOG: Any = sqlite_event_log


@contextmanager
def relaxed_run_storage(folder: Path) -> Iterator[None]:
    """Within the block, the orchestrator's SQLite files below `folder` are written without waiting for the disk.

    What it has learnt of a file is kept as well.
    """
    with _without_waiting(folder), _engines_kept():
        yield


@contextmanager
def _without_waiting(folder: Path) -> Iterator[None]:
    """Let connections to files below `folder` not wait for the disk at each commit.

    SQLite also merges its log when a file's last connection closes, and the orchestrator opens one per event: so one
    more is held open per file.
    """
    held: dict[Path, sqlite3.Connection] = {}
    with ExitStack() as kept:

        def relax(connection: Any, _record: object) -> None:
            """Let a store of this folder wait less for the disk, and hold it open to the end of the run."""
            path = _path_of(connection)
            if path is None or not path.is_relative_to(folder):
                return
            connection.execute("pragma synchronous = normal")
            if path not in held:
                held[path] = kept.enter_context(closing(sqlite3.connect(path, check_same_thread=False)))
            # A read joins the log; the orchestrator turns a file to logging only after its first connection.
            held[path].execute("select count(*) from sqlite_master").fetchall()

        event.listen(Engine, "connect", relax)
        try:
            yield
        finally:
            event.remove(Engine, "connect", relax)


@contextmanager
def _engines_kept() -> Iterator[None]:
    """Give the orchestrator's event log one engine per file instead of one per event.

    An engine holds no connection here, only what was learnt of the database and the statements that were compiled:
    both were worked out anew for each of some 600 events, two seconds of a small run.
    """
    made: dict[str, Engine] = {}
    create_engine = _EVENT_LOG.create_engine

    def kept_engine(address: str, **options: Any) -> Engine:
        key = f"{address} {sorted(options.items(), key=str)}"
        if key not in made:
            made[key] = create_engine(address, **options)
        return made[key]

    _EVENT_LOG.create_engine = kept_engine
    try:
        yield
    finally:
        _EVENT_LOG.create_engine = create_engine


def _path_of(connection: Any) -> Path | None:
    if not isinstance(connection, sqlite3.Connection):
        return None
    files = [row[2] for row in connection.execute("pragma database_list") if row[1] == "main"]
    return Path(files[0]).resolve() if files and files[0] else None
