"""The floor of the load test: DuckDB alone, in its own process, reading the same files and writing the same rows.

No rule is applied here. What the pipeline takes beyond this is what matching, gates, audit and orchestration cost.
The rows to be written are loaded beforehand, and that time is not counted.
Run as `python -m wb_pipeline.benchmarks.floor --help`.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

OUTPUT_TABLES = (
    "decisions", "approved_writes", "review_queue", "pending_changes", "quarantined_proposals", "audit_log",
)  # fmt: skip

_TEXT, _JSON = "VARCHAR", "JSON"
_CRM_COLUMNS = {
    "object": _TEXT, "id": _TEXT, "fields": _JSON, "meta": _JSON, "created_at": "TIMESTAMPTZ",
    "updated_at": "TIMESTAMPTZ", "archived": "BOOLEAN", "merged_into": _TEXT, "history": _JSON,
}  # fmt: skip
_EVIDENCE_COLUMNS = dict.fromkeys(
    (
        "id", "type", "message_id", "thread_id", "in_reply_to", "direction", "from", "to", "cc", "subject", "sent_at",
        "body", "auto_submitted", "auth", "event_id", "title", "organizer", "start", "end", "status", "attendees",
        "recording_id", "url", "started_at", "duration_s", "outcome", "participants", "transcript", "asr_quality",
        "name", "current", "past", "observed_at", "vendor", "attributes", "email", "result", "checked_at", "deal_id",
        "company_id", "created_at", "signatures", "amount", "currency", "accepted_by", "steps", "domain", "page",
        "visited_at", "fields", "submitted_at", "user", "event", "target", "at",
    ),
    _JSON,
)  # fmt: skip
_BATCH_COLUMNS = dict.fromkeys(
    (
        "proposal_id", "batch_id", "submitted_at", "idempotency_key", "actor", "action", "object", "target", "read_at",
        "changes", "payload", "confidence", "source", "evidence", "rationale", "causation", "workflow_id",
    ),
    _JSON,
)  # fmt: skip


@dataclass(frozen=True)
class FloorRun:
    """One run of the floor: seconds for reading and writing, rows per table, lanes counted in the outputs."""

    read_seconds: float
    write_seconds: float
    rows_read: dict[str, int]
    rows_written: dict[str, int]
    proposal_lanes: dict[str, int]
    change_lanes: dict[str, int]

    @property
    def seconds(self) -> float:
        """Reading and writing; start-up and the loading of the rows to be written are not in it."""
        return self.read_seconds + self.write_seconds


def run_floor(road: Path, *, home: Path, out: Path) -> FloorRun:
    """Read the road's files into tables, then write the outputs of the finished run in `home` again, below `out`.

    Each output table is written twice, as the pipeline does: as a table of a DuckDB file and as a Parquet file.
    Raises ValueError if `home` holds no finished run.
    """
    import duckdb

    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:") as connection:
        tables = _load_outputs(connection, home)
        connection.execute("attach $path as floor", {"path": str(out / "floor.duckdb")})
        started = time.perf_counter()
        rows_read = _read_inputs(connection, road)
        read_at = time.perf_counter()
        rows_written = {table: _write_output(connection, table, out) for table in tables}
        connection.execute("detach floor")
        written_at = time.perf_counter()
        return FloorRun(
            read_seconds=read_at - started,
            write_seconds=written_at - read_at,
            rows_read=rows_read,
            rows_written=rows_written,
            proposal_lanes=_counts(connection, "proposal_lane", "where is_action_row"),
            change_lanes=_counts(connection, "lane", ""),
        )


def _load_outputs(connection: duckdb.DuckDBPyConnection, home: Path) -> list[str]:
    """Load the outputs of a finished run into memory: the published Parquet files, else the warehouse's tables."""
    found = [table for table in OUTPUT_TABLES if _load_published(connection, home, table)]
    if len(found) < len(OUTPUT_TABLES):
        found += _load_from_warehouse(connection, home, [table for table in OUTPUT_TABLES if table not in found])
    if "decisions" not in found:
        message = f"no finished run in {home}: neither published/batches/*/decisions.parquet nor a table 'decisions'"
        raise ValueError(message)
    return found


def _load_published(connection: duckdb.DuckDBPyConnection, home: Path, table: str) -> bool:
    files = sorted(str(path) for path in (home / "published" / "batches").glob(f"*/{table}.parquet"))
    if files:
        query = f"create table {table} as select * from read_parquet($files, union_by_name := true)"  # noqa: S608 - own names
        connection.execute(query, {"files": files})
    return bool(files)


def _load_from_warehouse(connection: duckdb.DuckDBPyConnection, home: Path, wanted: list[str]) -> list[str]:
    warehouse = home / "warehouse.duckdb"
    if not warehouse.is_file():
        return []
    connection.execute("attach $path as warehouse (read_only)", {"path": str(warehouse)})
    query = (
        "select table_name, min(schema_name) from duckdb_tables() where database_name = 'warehouse' group by table_name"
    )
    schemas = dict(connection.execute(query).fetchall())
    found = [table for table in wanted if table in schemas]
    for table in found:
        connection.execute(f'create table {table} as select * from warehouse."{schemas[table]}".{table}')  # noqa: S608 - our own names
    connection.execute("detach warehouse")
    return found


def _read_inputs(connection: duckdb.DuckDBPyConnection, road: Path) -> dict[str, int]:
    sources = {
        "crm_records": ("crm", _CRM_COLUMNS),
        "evidence_items": ("evidence", _EVIDENCE_COLUMNS),
        "proposal_lines": ("batches", _BATCH_COLUMNS),
    }
    return {table: _read_folder(connection, table, road / name, columns) for table, (name, columns) in sources.items()}


def _read_folder(connection: duckdb.DuckDBPyConnection, table: str, folder: Path, columns: dict[str, str]) -> int:
    """Read every JSON Lines file of a folder, all columns, into a table of the floor's file; return its rows."""
    files = sorted(str(path) for path in folder.glob("*.jsonl"))
    connection.execute(
        f"create table floor.{table} as select * from"  # noqa: S608 - our own table names
        " read_json($files, format := 'newline_delimited', columns := $columns, ignore_errors := true)",
        {"files": files, "columns": columns},
    )
    return _count(connection, f"floor.{table}")


def _write_output(connection: duckdb.DuckDBPyConnection, table: str, out: Path) -> int:
    connection.execute(f"create table floor.{table} as select * from memory.{table}")  # noqa: S608 - our own table names
    connection.table(f"memory.{table}").write_parquet(str(out / f"{table}.parquet"), compression="zstd")
    return _count(connection, f"floor.{table}")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])  # noqa: S608 - our own table names


def _counts(connection: duckdb.DuckDBPyConnection, column: str, condition: str) -> dict[str, int]:
    """Count the decisions per lane; the floor has no opinion on lanes, it only shows that work was done."""
    query = f"select {column}, count(*) from memory.decisions {condition} group by {column} order by {column}"  # noqa: S608 - our own names; values are parameters
    return {str(lane): int(rows) for lane, rows in connection.execute(query).fetchall()}


def main() -> None:
    """Run the floor once and write its figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m wb_pipeline.benchmarks.floor", description=__doc__)
    parser.add_argument("--road", type=Path, required=True, help="folder with crm/, evidence/ and batches/")
    parser.add_argument(
        "--home", type=Path, required=True, help="home of the finished run whose outputs are written again"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the floor's own files")
    parser.add_argument("--report", type=Path, required=True, help="JSON file for the figures")
    options = parser.parse_args()
    figures = run_floor(options.road, home=options.home, out=options.out)
    options.report.write_text(json.dumps(asdict(figures)), encoding="utf-8")


if __name__ == "__main__":
    main()
