"""The floor of `wb bench gates`: DuckDB alone selects the rows that gates read and writes them. No rule is applied.

Run as `python -m wb_pipeline.benchmarks.gates_floor WAREHOUSE OUT_PARQUET REPORT_JSON`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

_READ = ("main.int_changes_with_context", "raw.evidence_items", "raw.proposal_citations")


def run_floor(warehouse: Path, out: Path) -> dict[str, float]:
    """Copy every table that facts and gates read to a new database and the wide rows to Parquet; return the figures."""
    import duckdb

    with duckdb.connect() as con:
        con.execute("attach $path as floor", {"path": str(out.with_suffix(".duckdb"))})
        con.execute("attach $path as warehouse (read_only)", {"path": str(warehouse)})
        con.execute("use warehouse")
        started = time.perf_counter()
        for number, table in enumerate(_READ):
            con.execute(f"create table floor.copy_{number} as select * from {table}")  # noqa: S608 - our own table names
        con.table(_READ[0]).write_parquet(str(out), compression="zstd")
        seconds = time.perf_counter() - started
        rows = con.execute(f"select count(*) from {_READ[0]}").fetchall()[0][0]  # noqa: S608 - our own table names
        calls = "select count(*) from raw.evidence_items where evidence_type = 'call_recording'"
        return {"seconds": seconds, "rows": rows, "transcripts": con.execute(calls).fetchall()[0][0]}


def main() -> None:
    """Run the floor once and write its figures as JSON."""
    warehouse, out, report = map(Path, sys.argv[1:])
    report.write_text(json.dumps(run_floor(warehouse, out)), encoding="utf-8")


if __name__ == "__main__":
    main()
