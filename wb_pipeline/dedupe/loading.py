"""Loading sealed dedupe runs into schema books: derived, so it may be done at any time. Nothing is judged here."""

# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.canonical import file_hash
from wb_pipeline.dedupe.judgements import load_judged_pairs
from wb_pipeline.dedupe.sealed_runs import SealedRun, sealed_runs
from wb_pipeline.dedupe.sealed_tables import SEALED_TABLES, SealedTable
from wb_pipeline.errors import AuditError
from wb_pipeline.ledger.loading import transaction
from wb_pipeline.ledger.times import naive_utc

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.kinds import SealedFile
    from wb_pipeline.ledger.store import Ledger

_RUNS = """
create table if not exists books.dedupe_runs (
    dedupe_sequence bigint, run_id varchar, snapshot_hash varchar, policy_hash varchar, is_full boolean,
    found_at timestamp, sealed_at timestamp, is_latest boolean
)
"""


def load_dedupe(con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger) -> int:
    """Bring books.dedupe_* and books.judged_pairs up to the ledger and return the number of sealed runs.

    books.dedupe_runs grain: sealed run. The other tables are those of `sealed_tables`, with `dedupe_sequence` first.
    All or nothing. Raises AuditError if a file that is to be loaded is missing or not the one that the ledger cites.
    """
    runs = sealed_runs(ledger)
    load_judged_pairs(con, ledger)
    with transaction(con):
        _create_tables(con)
        known = {row[0] for row in con.execute("select dedupe_sequence from books.dedupe_runs").fetchall()}
        if known - {run.sequence for run in runs}:
            # A warehouse of other books.
            _empty(con)
            known = set()
        for run in runs:
            if run.sequence not in known:
                _load(con, home, run, is_latest=run is runs[-1])
    return len(runs)


def sealed_path(home: Home, file: SealedFile) -> Path:
    """Return where a cited file lies, checked byte for byte. Raises AuditError if it is missing or another."""
    path = home.root / file.path
    if not path.is_file() or file_hash(path) != file.file_hash:
        message = f"{file.path} is missing or not the file that the ledger cites"
        raise AuditError(message, hint="run `wb audit verify`; restore it from a backup")
    return path


def _create_tables(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema if not exists books")
    con.execute(_RUNS)
    for table in SEALED_TABLES:
        columns = ", ".join(f"{name} {kind}" for name, kind in table.columns.items())
        con.execute(f"create table if not exists books.{table.table} (dedupe_sequence bigint, {columns})")


def _empty(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("dedupe_runs", *(table.table for table in SEALED_TABLES)):
        con.execute(f"delete from books.{table}")


def _load(con: duckdb.DuckDBPyConnection, home: Home, run: SealedRun, *, is_latest: bool) -> None:
    for table in SEALED_TABLES:
        if is_latest or table.keeps_all_runs:
            _load_part(con, home, run, table)
    con.execute("update books.dedupe_runs set is_latest = false where is_latest")
    seal = run.seal
    row = [run.sequence, run.run_id, seal.snapshot_hash, seal.policy_hash, seal.is_full, naive_utc(seal.clock_at)]
    con.execute(
        "insert into books.dedupe_runs values (?, ?, ?, ?, ?, ?, ?, ?)", [*row, naive_utc(run.sealed_at), is_latest]
    )


def _load_part(con: duckdb.DuckDBPyConnection, home: Home, run: SealedRun, table: SealedTable) -> None:
    path = sealed_path(home, getattr(run.seal, table.part))
    if not table.keeps_all_runs:
        con.execute(f"delete from books.{table.table}")
    con.execute(
        f"insert into books.{table.table} select ?, {', '.join(table.columns)} from read_parquet(?)",
        [run.sequence, str(path)],
    )
