"""The two Parquet files of a sealed batch: their names, how they are written, which ones no ledger event cites.

`segments/<name>.parquet` holds decisions with digests instead of personal values; `values/<name>.parquet` holds salt
and values in the same row order. Sealing them is in `segments`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.canonical import file_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import PERSONAL_COLUMNS
from wb_pipeline.ledger.digests import segment_select
from wb_pipeline.ledger.durable import TEMPORARY_SUFFIX, flush_file, move_into_place

if TYPE_CHECKING:
    import duckdb

FORMAT_VERSION = "1"
ROW_GROUP_ROWS = 100_000
# Half of a segment is digests, which no effort makes smaller: measured on 318,000 decisions, level 1 takes a sixth less
# time than level 3, and the file is no larger.
COMPRESSION_LEVEL = 1
_IN_NAME = 16


def segment_name(manifest_id: str, batch_key: str) -> str:
    """Return the name of a sealed batch: file stem of both files and subject of its events."""
    return f"{manifest_id[:_IN_NAME]}-{batch_key[:_IN_NAME]}"


@dataclass(frozen=True, slots=True)
class WrittenSegment:
    """Both files of a batch, flushed but still under temporary names."""

    name: str
    segment_temporary: Path
    values_temporary: Path
    segment_hash: str
    values_hash: str


def segment_path(home: Home, name: str) -> Path:
    """Return where the digests of a sealed batch lie."""
    return home.segments / f"{name}.parquet"


def values_path(home: Home, name: str) -> Path:
    """Return where the values of a sealed batch lie."""
    return home.values / f"{name}.parquet"


def write_segment(con: duckdb.DuckDBPyConnection, home: Home, table: str, name: str, batch_key: str) -> WrittenSegment:
    """Write both files of a batch under temporary names, flushed.

    `table`: a temporary table of the sealing code, DECISION_COLUMNS and `salt`, sorted by ROW_ORDER.
    """
    values = ", ".join(("change_id", "salt", *PERSONAL_COLUMNS, "null::bigint as erased_sequence"))
    segment_temporary = _write(con, segment_path(home, name), table, segment_select(), batch_key)
    values_temporary = _write(con, values_path(home, name), table, values, batch_key)
    return WrittenSegment(
        name, segment_temporary, values_temporary, file_hash(segment_temporary), file_hash(values_temporary)
    )


def install(home: Home, written: WrittenSegment) -> None:
    """Give both files their final names. The caller holds the ledger's write lock and commits right after."""
    move_into_place(written.segment_temporary, segment_path(home, written.name))
    move_into_place(written.values_temporary, values_path(home, written.name))


def remove_leftovers(home: Home, cited: Iterable[str]) -> None:
    """Remove what a crashed seal left: temporary files, and final ones that no event cites. The seal lock is held."""
    names = {f"{name}.parquet" for name in cited}
    for path in files_of(home):
        if path.name not in names:
            path.unlink(missing_ok=True)


def files_of(home: Home) -> Iterator[Path]:
    """Yield every file of both folders, temporary ones too, in order of names."""
    for folder in (home.segments, home.values):
        if folder.is_dir():
            yield from sorted(folder.iterdir())


def _write(con: duckdb.DuckDBPyConnection, final: Path, table: str, select: str, batch_key: str) -> Path:
    temporary = final.with_name(f".{final.name}{TEMPORARY_SUFFIX}")
    temporary.unlink(missing_ok=True)
    statement = (
        f"copy (select {select} from {table} where batch_key = $batch_key) "  # noqa: S608 - our own names; values are parameters
        f"to $path (format parquet, compression zstd, compression_level {COMPRESSION_LEVEL}, "
        f"row_group_size {ROW_GROUP_ROWS}, kv_metadata {{wb_segment_format: '{FORMAT_VERSION}'}})"
    )
    con.execute(statement, {"batch_key": batch_key, "path": str(temporary)})
    flush_file(temporary)
    return temporary
