"""Reads published tables of a batch or a dedupe run, beside the warehouse (law 6). Writing is in `publishing`."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from wb_pipeline.errors import InputError
from wb_pipeline.steps.publishing import batch_folder, dedupe_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wb_pipeline.home import Home


def read_published(home: Home, batch_key: str, table: str, query: str, **given: Any) -> list[dict[str, Any]]:
    """Return the rows of a query over one published table of a batch, which it calls `rows`.

    Raises InputError if the batch is not published.
    """
    return _rows(_published(home, batch_key, table), query, given)


def read_published_once(home: Home, batch_key: str, table: str, query: str) -> tuple[Mapping[str, Any], ...]:
    """Return the same without parameters; a file is read once for as long as it looks the same.

    For who asks again and again about all batches, such as the page. Published files are replaced, never changed.
    """
    path = _published(home, batch_key, table)
    state = path.stat()
    return _rows_once(path, query, (state.st_size, state.st_mtime_ns, state.st_ino))


def read_duplicates(home: Home, table: str, query: str, **given: Any) -> list[dict[str, Any]]:
    """Return the rows of a query over one published table of the latest dedupe run, which it calls `rows`.

    Raises InputError if there was none.
    """
    path = dedupe_folder(home) / f"{table}.parquet"
    if not path.is_file():
        raise InputError("no duplicates were looked for yet", hint="run `wb dedupe` first")
    return _rows(path, query, given)


def _published(home: Home, batch_key: str, table: str) -> Path:
    path = batch_folder(home, batch_key) / f"{table}.parquet"
    if not path.is_file():
        raise InputError(
            f"batch {batch_key[:16]} is not published", hint="run it with `wb run`, or `wb rebuild` publishes it again"
        )
    return path


@lru_cache(maxsize=8_192)
def _rows_once(path: Path, query: str, _state: tuple[int, ...]) -> tuple[Mapping[str, Any], ...]:
    return tuple(MappingProxyType(row) for row in _rows(path, query, {}))


def _rows(path: Path, query: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.read_parquet(str(path)).create_view("rows")
        cursor = con.execute(query, dict(given) or None)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
