"""Lets Splink compare the same pairs of the same records once in a session: hundreds of small runs share one CRM.

What it compares depends on three tables and the model alone; the answer to equal ones is put back as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import content_hash

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_NAME = "record_id"
Compare = Callable[..., int]


class ComparedOnce:
    """Stands in for `link.compare_pairs`; `compare` is the one that ships, asked for what was never compared."""

    def __init__(self, compare: Compare) -> None:
        self._compare = compare
        self._known: dict[str, pa.Table] = {}
        self.hits = self.misses = 0

    def forget(self) -> None:
        """Ask everything anew from here on."""
        self._known.clear()

    def __call__(
        self, con: duckdb.DuckDBPyConnection, object_name: str, settings: dict[str, Any], **options: Any
    ) -> int:
        """Write matching.compared_pairs; return its rows."""
        assert _NAME not in repr(settings), "Splink reads the ids of proposals now: they belong to the key"
        key = content_hash([object_name, settings, sorted(options.items()), _inputs(con, object_name)])
        if key in self._known:
            self.hits += 1
            _put_back(con, self._known[key])
            return int(self._known[key].num_rows)
        self.misses += 1
        rows = self._compare(con, object_name, settings, **options)
        self._known[key] = con.sql("select * from matching.compared_pairs").to_arrow_table()
        return rows


def _inputs(con: duckdb.DuckDBPyConnection, object_name: str) -> list[Any]:
    """Return every row that Splink would read, and how many records its frequencies are shares of.

    Records are numbered; their names, in which the run's id stands, are only carried along beside.
    """
    read = [con.execute(f"select count(*) from matching.{object_name}_base").fetchall()[0][0]]
    for table in ("blocked_pairs", f"{object_name}_inputs"):
        rows = con.sql(f"select columns(lambda name: name <> '{_NAME}') from matching.{table}")
        read += [rows.columns, [str(kind) for kind in rows.types], sorted(map(repr, rows.fetchall()))]
    return read


def _put_back(con: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    con.register("compared_before", rows)
    con.execute("create or replace table matching.compared_pairs as select * from compared_before")
    con.unregister("compared_before")
