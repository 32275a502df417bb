"""Sealing a dedupe run: its Parquet files and the one ledger event that cites them. Columns: `sealed_tables`."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.canonical import file_hash
from wb_pipeline.dedupe.sealed_runs import latest_run
from wb_pipeline.dedupe.sealed_tables import SEALED_TABLES, SealedTable
from wb_pipeline.errors import AuditError
from wb_pipeline.ledger.durable import TEMPORARY_SUFFIX, flush_file, move_into_place
from wb_pipeline.ledger.kinds import DedupeSealed, SealedFile
from wb_pipeline.ledger.times import utc_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger

_ROW_GROUP_ROWS = 100_000
FORMAT_VERSION = "1"


@dataclass(frozen=True)
class DedupeInputs:
    """What a dedupe run is a function of, besides the scored pairs."""

    run_id: str
    snapshot_hash: str
    policy_hash: str
    code_hash: str
    is_full: bool
    clock_at: datetime


@dataclass(frozen=True)
class CarriedFrom:
    """The run whose ids were carried on (sequence 0: none), and the next free number by object afterwards."""

    sequence: int
    next_numbers: Mapping[str, int]


def seal_dedupe(
    con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, inputs: DedupeInputs, carried: CarriedFrom
) -> Event:
    """Seal the temporary tables of a dedupe run; the ledger event is the commit point.

    Killed before it, files stay behind that no event cites. Raises AuditError if another run sealed its ids since
    these were carried over.
    """
    home.dedupe.mkdir(parents=True, exist_ok=True)
    files = {table.part: _write(con, home, table) for table in SEALED_TABLES}
    sealed = DedupeSealed(
        snapshot_hash=inputs.snapshot_hash,
        policy_hash=inputs.policy_hash,
        code_hash=inputs.code_hash,
        is_full=inputs.is_full,
        clock_at=utc_text(inputs.clock_at),
        after_sequence=carried.sequence,
        next_numbers=dict(carried.next_numbers),
        **files,
    )
    with ledger.writing("pipeline") as book:
        latest = latest_run(book)
        if (latest.sequence if latest else 0) != carried.sequence:
            raise AuditError("another dedupe run sealed its ids meanwhile", hint="run it again")
        return book.append([sealed.about(inputs.run_id)])[0]


def _write(con: duckdb.DuckDBPyConnection, home: Home, table: SealedTable) -> SealedFile:
    """Write one file under the hash of its bytes; one that is there already is the same file."""
    handle, name = tempfile.mkstemp(dir=home.dedupe, prefix=".", suffix=TEMPORARY_SUFFIX)
    os.close(handle)
    temporary = Path(name)
    try:
        columns = ", ".join(f"{column}::{kind} as {column}" for column, kind in table.columns.items())
        # One of our own tables in a fixed order: equal rows, equal bytes.
        ((rows,),) = con.execute(
            f"copy (select {columns} from {table.source} order by {table.order}) "  # noqa: S608 - our own names; values are parameters
            f"to $path (format parquet, compression zstd, row_group_size {_ROW_GROUP_ROWS}, "
            f"kv_metadata {{wb_dedupe_format: '{FORMAT_VERSION}'}})",
            {"path": name},
        ).fetchall()
        flush_file(temporary)
        content_hash = file_hash(temporary)
        final = home.dedupe / f"{table.part}-{content_hash}.parquet"
        if not final.is_file() or file_hash(final) != content_hash:
            move_into_place(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)
    return SealedFile(path=final.relative_to(home.root).as_posix(), file_hash=content_hash, rows=rows)
