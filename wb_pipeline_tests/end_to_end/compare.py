"""What stands in a warehouse and in the published files, in a form that two runs can be compared by. Runs nothing."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from wb_pipeline.home import Home

Contents = dict[str, list[str]]
# What differs by its nature: the run itself, or, from home to home, when it ran and on which chain.
OF_THE_RUN = frozenset({"run_id"})
OF_THE_HOME = OF_THE_RUN | {
    "manifest_id",
    "sealed_at",
    "recorded_at",
    "sealed_sequence",
    "ledger_head",
    "segment_name",
    "segment_hash",
    "values_hash",
}


def warehouse_contents(
    warehouse: Path, schemas: Collection[str] = ("main", "books"), without: Collection[str] = OF_THE_RUN
) -> Contents:
    """Return the sorted rows, as text, of every table and view of a closed DuckDB file."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        listed = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where list_contains(?, table_schema)",
            [list(schemas)],
        ).fetchall()
        return {name: _rows(con, f"select * from {name}", without) for (name,) in sorted(listed)}


def published_contents(home: Home, without: Collection[str] = OF_THE_RUN) -> Contents:
    """Return the sorted rows of every published file, by its path below `published`."""
    found = {}
    with duckdb.connect() as con:
        for path in sorted(home.published.rglob("*.*")):
            query = f"select * from read_{'parquet' if path.suffix == '.parquet' else 'csv'}('{path}')"
            found[path.relative_to(home.published).as_posix()] = _rows(con, query, without)
    return found


def _rows(con: duckdb.DuckDBPyConnection, query: str, without: Collection[str]) -> list[str]:
    names = [row[0] for row in con.execute(f"describe {query}").fetchall() if row[0] not in without]
    chosen = ", ".join(f'"{name}"' for name in names)
    return sorted(map(repr, con.execute(f"select {chosen} from ({query})").fetchall())) if names else []


def differing(left: Contents, right: Contents) -> dict[str, tuple[list[str], list[str]]]:
    """Return {name: (rows only left, rows only right)} for everything that is not the same in both."""
    found = {}
    for name in sorted(left.keys() | right.keys()):
        ours, theirs = left.get(name, ["no such table"]), right.get(name, ["no such table"])
        if ours != theirs:
            found[name] = (sorted(set(ours) - set(theirs))[:3], sorted(set(theirs) - set(ours))[:3])
    return found
