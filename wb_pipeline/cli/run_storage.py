"""Makes the orchestrator's SQLite files cheap to write during `wb run`: hundreds of events, each a commit of its own.

They hold the history of runs, not the books: after a power cut the last events of a run may be missing, nothing else.
The ledger is not touched, it keeps its own, strict settings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def relaxed_run_storage(folder: Path) -> Iterator[None]:
    """Within the block, connections to SQLite files below `folder` do not wait for the disk at each commit.

    SQLite also merges its log when a file's last connection closes, and the orchestrator opens one per event: so one
    more is held open per file.
    """
    held: dict[Path, sqlite3.Connection] = {}
    with ExitStack() as kept:

        def relax(connection: Any, _record: object) -> None:
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


def _path_of(connection: Any) -> Path | None:
    if not isinstance(connection, sqlite3.Connection):
        return None
    files = [row[2] for row in connection.execute("pragma database_list") if row[1] == "main"]
    return Path(files[0]).resolve() if files and files[0] else None
