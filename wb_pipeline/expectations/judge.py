"""From DuckDB to a judged frame: reads a table's facts as plain numpy columns and runs its suite. No rule here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_pipeline.errors import GateBrokenError
from wb_pipeline.expectations.run import run_suite

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb
    import pandas as pd

    from wb_pipeline.expectations.model import ExpectationOutcome, JudgedTable


def judge_table(
    con: duckdb.DuckDBPyConnection, table: JudgedTable, parameters: Mapping[str, object]
) -> tuple[pd.DataFrame, list[ExpectationOutcome]]:
    """Return the frame of facts that was handed over, and what its suite found.

    Raises GateBrokenError when the facts cannot be computed (a table or column is missing) or the suite is broken.
    """
    import duckdb

    try:
        frame = read_frame(con, table.facts_sql, parameters)
        expected_rows = int(con.execute(table.count_sql, _used(table.count_sql, parameters)).fetchall()[0][0])
    except duckdb.Error as error:
        gates = ", ".join(each.gate for each in table.expectations if each.gate) or f"suite {table.suite}"
        message = f"{gates} broken: the facts about each {table.grain} cannot be computed: {error}"
        raise GateBrokenError(message, hint="Nothing was approved. This is a fault of the pipeline.") from error
    outcomes = run_suite(
        frame,
        suite=table.suite,
        grain=table.grain,
        id_column=table.id_column,
        expectations=table.expectations,
        expected_rows=expected_rows,
    )
    return frame, outcomes


def read_frame(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object]) -> pd.DataFrame:
    """Return the rows as numpy-backed columns: text as object, numbers as float or int, a boolean with NULLs as object.

    pandas' own string and nullable types make every step of Great Expectations slower and treat NULL in their own way.
    """
    import pandas as pd

    columns = con.execute(sql, _used(sql, parameters)).fetchnumpy()
    return pd.DataFrame({name: _plain(values) for name, values in columns.items()})


def _plain(values: Any) -> Any:
    """Return a column without a mask: NULL is NaN among numbers and None among all else."""
    import numpy as np
    import pandas as pd

    plain = np.ma.getdata(values)
    is_null = np.ma.getmaskarray(values)
    if is_null.any():
        is_number = plain.dtype.kind in "iuf"
        plain = plain.astype(float if is_number else object)
        plain[is_null] = np.nan if is_number else None
    return pd.Series(plain, dtype=object) if plain.dtype == object else pd.Series(plain)


def _used(sql: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters that the statement names; DuckDB refuses others."""
    return {name: value for name, value in parameters.items() if f"${name}" in sql}
