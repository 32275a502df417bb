"""What readers open instead of the warehouse: Parquet and CSV, replaced file by file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.connectors.atomic import sweep_unfinished, written_atomically

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
DEDUPE_TABLES = ("entity_ids", "duplicate_pairs", "duplicate_clusters", "merge_candidates", "surviving_values")
# What people open in a spreadsheet; entity ids are one row per record of the CRM.
_DEDUPE_SHEETS = ("duplicate_pairs", "duplicate_clusters", "merge_candidates", "surviving_values")
DUPLICATE_RATE = "report_duplicate_rate"
# A spreadsheet runs a cell that starts like this; a leading quote makes it text.
_FORMULA_START = "^[=+@\\t\\r-]"


def batch_folder(home: Home, batch_key: str) -> Path:
    """Return where a batch's published tables lie."""
    return home.published / "batches" / batch_key


def reports_folder(home: Home) -> Path:
    """Return where the published reports lie."""
    return home.published / "reports"


def dedupe_folder(home: Home) -> Path:
    """Return where the last dedupe run's published tables lie."""
    return home.published / "dedupe"


def publish_batches(con: duckdb.DuckDBPyConnection, home: Home, batch_keys: Iterable[str]) -> list[Path]:
    """Write each batch's tables as Parquet; return the files. A batch's outcome is final: any mixture is consistent."""
    sweep_unfinished(home.published)
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
    return [_sheet(con, report, reports_folder(home)) for report in reports]


def publish_dedupe(con: duckdb.DuckDBPyConnection, home: Home) -> list[Path]:
    """Write the last dedupe run's tables as Parquet, what people read also as CSV; return the files.

    They are replaced one by one: a run that is killed meanwhile leaves a mixture, until the next one or `wb rebuild`.
    """
    sweep_unfinished(home.published)
    written = []
    for table in DEDUPE_TABLES:
        path = dedupe_folder(home) / f"{table}.parquet"
        _copy(con, f"from main.{table} order by all", path, "format parquet", {})
        written.append(path)
    written += [_sheet(con, table, dedupe_folder(home)) for table in _DEDUPE_SHEETS]
    return [*written, _sheet(con, DUPLICATE_RATE, reports_folder(home))]


def _sheet(con: duckdb.DuckDBPyConnection, table: str, folder: Path) -> Path:
    path = folder / f"{table}.csv"
    query = f"select {_safe_cells(con, table)} from main.{table} order by all"  # noqa: S608 - our own table and column names
    _copy(con, query, path, "format csv, header true", {})
    return path


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
