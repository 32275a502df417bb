"""The known given names with what they stand for, as a table for SQL. Other words stand for themselves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.normalize.given_names import known_words, root_of, roots_of

if TYPE_CHECKING:
    import duckdb


def register_given_names(con: duckdb.DuckDBPyConnection) -> None:
    """Register `given_names`: word, root, roots (list)."""
    con.register("given_names", _table())


@cache
def _table() -> pa.Table:
    known = sorted(known_words())
    return pa.table(
        {
            "word": known,
            "root": [root_of(word) for word in known],
            "roots": [roots_of(word) for word in known],
        }
    )
