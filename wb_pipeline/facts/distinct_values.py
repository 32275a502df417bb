"""Runs a pure Python function over the distinct values of a query and lends the answers back to SQL. No rules here."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import duckdb


def fetch_columns(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, list[object]]:
    """Return a query's result as one Python list per column."""
    columns: dict[str, list[object]] = con.sql(query).to_arrow_table().to_pydict()
    return columns


@contextmanager
def lent(
    con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, tuple[pa.DataType, Sequence[object]]]
) -> Iterator[None]:
    """Make Python lists readable in SQL under `name` while the block runs."""
    table = pa.table({column: pa.array(values, type=kind) for column, (kind, values) in columns.items()})
    con.register(name, table)
    try:
        yield
    finally:
        con.unregister(name)


@contextmanager
def lent_keys(
    con: duckdb.DuckDBPyConnection, name: str, query: str, normalize: Callable[[str], str | None]
) -> Iterator[None]:
    """Lend (given, key): what `normalize` makes of each distinct text of a one-column query `given`; no key, no row."""
    given = [value for value in fetch_columns(con, query)["given"] if isinstance(value, str)]
    pairs = [(value, key) for value in given if (key := normalize(value)) is not None]
    columns = {
        "given": (pa.string(), [value for value, _ in pairs]),
        "key": (pa.string(), [key for _, key in pairs]),
    }
    with lent(con, name, columns):
        yield
