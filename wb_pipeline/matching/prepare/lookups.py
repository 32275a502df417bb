"""Answers of pure functions over distinct values, as temporary tables that SQL joins. No rules about values here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.contract.collector_pause import collector_paused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb


def write_lookup(
    con: duckdb.DuckDBPyConnection,
    name: str,
    query: str,
    read: Callable[..., Sequence[str | None]],
    columns: Sequence[str],
) -> None:
    """Write the temporary table `name`: the columns of `query` (texts, distinct rows) and `columns` as `read` tells.

    `read` is called once per row with the row's values and returns one text or None per column.
    """
    given = con.sql(query).to_arrow_table()
    # Tuples of texts have no rings of garbage, and looking for them takes a fifth of the time.
    with collector_paused():
        answers = [read(*row) for row in zip(*(column.to_pylist() for column in given.columns), strict=True)]
    table = given
    for column, values in zip(columns, zip(*answers, strict=True) if answers else [[]] * len(columns), strict=True):
        table = table.append_column(column, pa.array(values, type=pa.string()))
    con.register("looked_up", table)
    con.execute(f"create or replace temp table {name} as from looked_up")
    con.unregister("looked_up")
