"""What readers open instead of the warehouse: Parquet and CSV, replaced file by file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.connectors.atomic import written_atomically

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.home import Home

BATCH_TABLES = (
    "decisions",
    "proposal_outcomes",
    "approved_writes",
    "review_queue",
    "pending_changes",
    "quarantined_proposals",
    "objections",
    "audit_log",
    "notifications",
)
# A spreadsheet runs a cell that starts like this; a leading quote makes it text.
_FORMULA_START = "^[=+@\\t\\r-]"


def batch_folder(home: Home, batch_key: str) -> Path:
    """Return where a batch's published tables lie."""
    return home.published / "batches" / batch_key


def reports_folder(home: Home) -> Path:
    """Return where the published reports lie."""
    return home.published / "reports"


def publish_batches(con: duckdb.DuckDBPyConnection, home: Home, batch_keys: Iterable[str]) -> list[Path]:
    """Write each batch's tables as Parquet; return the files. A batch's outcome is final: any mixture is consistent."""
    written = []
    for batch_key in sorted(batch_keys):
        for table in BATCH_TABLES:
            path = batch_folder(home, batch_key) / f"{table}.parquet"
            query = f"select * from main.{table} where batch_key = $batch_key"  # noqa: S608  (our own table names)
            _copy(con, query, path, "format parquet", {"batch_key": batch_key})
            written.append(path)
    return written


def publish_reports(con: duckdb.DuckDBPyConnection, home: Home, reports: Iterable[str]) -> list[Path]:
    """Write each report as CSV that no spreadsheet takes for formulas (RPT-6); return the files."""
    written = []
    for report in reports:
        path = reports_folder(home) / f"{report}.csv"
        cells = _safe_cells(con, report)
        query = f"select {cells} from main.{report} order by all"  # noqa: S608 - our own table and column names
        _copy(con, query, path, "format csv, header true", {})
        written.append(path)
    return written


def _safe_cells(con: duckdb.DuckDBPyConnection, report: str) -> str:
    columns = con.execute(f"describe main.{report}").fetchall()
    return ", ".join(
        f"case when regexp_matches({name}, '{_FORMULA_START}') then '''' || {name} else {name} end as {name}"
        if kind == "VARCHAR"
        else name
        for name, kind, *_ in columns
    )


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path, options: str, given: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_atomically(path) as unfinished:
        con.execute(f"copy ({query}) to $path ({options})", {**given, "path": str(unfinished)})
