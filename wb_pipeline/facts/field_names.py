"""facts.field_names: the CRM's own name for each field name that a proposal uses (CON-5). Denies nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.current_run import count_rows, open_run
from wb_pipeline.facts.distinct_values import lent
from wb_pipeline.facts.known_names import KnownNames

if TYPE_CHECKING:
    import duckdb

_GIVEN = "select distinct manifest_id, object, field_as_given from run_changes"
_COLUMNS = ("manifest_id", "object", "field_as_given", "field", "resolution")


def write_field_names(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.field_names and return its rows.

    Grain: (manifest, object, field_as_given): manifest_id, object, field_as_given, field (NULL = unknown), resolution.
    """
    open_run(con)
    names = KnownNames.of_run(con)
    rows = [(*given, *names.resolve(*given)) for given in con.execute(_GIVEN).fetchall()]
    columns = {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(_COLUMNS)}
    with lent(con, "resolved_names", columns):
        con.execute("create or replace table facts.field_names as from resolved_names")
    return count_rows(con, "facts.field_names")
