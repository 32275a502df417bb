"""Reads published tables of a batch or a dedupe run, beside the warehouse (law 6). Writing is in `publishing`."""

from __future__ import annotations

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
    path = batch_folder(home, batch_key) / f"{table}.parquet"
    if not path.is_file():
        raise InputError(
            f"batch {batch_key[:16]} is not published", hint="run it with `wb run`, or `wb rebuild` publishes it again"
        )
    return _rows(path, query, given)


def read_duplicates(home: Home, table: str, query: str, **given: Any) -> list[dict[str, Any]]:
    """Return the rows of a query over one published table of the latest dedupe run, which it calls `rows`.

    Raises InputError if there was none.
    """
    path = dedupe_folder(home) / f"{table}.parquet"
    if not path.is_file():
        raise InputError("no duplicates were looked for yet", hint="run `wb dedupe` first")
    return _rows(path, query, given)


def _rows(path: Path, query: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.read_parquet(str(path)).create_view("rows")
        cursor = con.execute(query, dict(given) or None)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
