"""Keeps a pull as immutable, content-addressed Parquet, and loads it again, verified. Pulls nothing itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from wb_pipeline.connectors import snapshot_sql as sql
from wb_pipeline.connectors.atomic import written_atomically
from wb_pipeline.errors import AuditError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from wb_pipeline.connectors.base import Pull, SourceKind
    from wb_pipeline.home import Home

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """A pull as kept. `is_new` is False when the same content was kept before: then nothing was written.

    `notices` are the pull's own: what was odd but kept, by sentence; also that it brought nothing at all.
    """

    kind: SourceKind
    content_hash: str
    path: Path
    row_count: int
    rejected_count: int
    is_new: bool
    notices: Mapping[str, int] = field(default_factory=dict)


def snapshot_path(home: Home, kind: SourceKind, content_hash: str) -> Path:
    """Return where a snapshot lies. Raises InputError when `content_hash` is not a SHA-256 in hex."""
    if not _HASH.fullmatch(content_hash):
        raise InputError(f"{content_hash[:80]!r} is no snapshot hash.", hint="A snapshot hash has 64 hex digits.")
    return home.snapshots / f"{kind}-{content_hash}.parquet"


def rejected_path(home: Home, kind: SourceKind, content_hash: str) -> Path:
    """Return where the rejected rows of a snapshot lie: the other half of the pair."""
    return snapshot_path(home, kind, content_hash).with_suffix(".rejected.parquet")


def keep_pull(home: Home, pull: Pull) -> KeptSnapshot:
    """Keep a pull below `home.snapshots` and say under which hash.

    The hash covers the rows, and the codes of why others were rejected, not their order or the files they came from.
    Of one record in several files the latest row is kept, of identical evidence items one; the others become rejected
    rows. The rows' file is written last: where it is, its pair is whole.
    """
    with duckdb.connect() as con:
        con.register("pulled", pull.rows)
        con.register("unreadable", pull.rejected)
        for statement in sql.keep_statements(pull.kind):
            con.execute(statement)
        content_hash, row_count, rejected_count = con.execute(sql.digest(pull.kind, "kept", "rejected")).fetchall()[0]
        path = snapshot_path(home, pull.kind, content_hash)
        is_new = not path.exists()
        if is_new:
            beside = rejected_path(home, pull.kind, content_hash)
            _write(con, sql.copy("rejected", sql.STORED_REJECTED, "file_name, row_number, reasons"), beside)
            _write(con, sql.copy("kept", sql.STORED[pull.kind], sql.sort_order(pull.kind)), path)
    return KeptSnapshot(pull.kind, content_hash, path, row_count, rejected_count, is_new, pull.notices)


def _write(con: duckdb.DuckDBPyConnection, statement: str, path: Path) -> None:
    with written_atomically(path) as unfinished:
        con.execute(statement, [str(unfinished)])


def load_snapshots(
    con: duckdb.DuckDBPyConnection, home: Home, crm_hashes: Iterable[str], evidence_hashes: Iterable[str]
) -> None:
    """Make raw.crm_records, raw.evidence_items and raw.rejected_rows from kept snapshots (none: empty tables).

    Raises InputError when a snapshot is missing, AuditError when its content is not what its name says.
    """
    con.execute(sql.EMPTY_TABLES)
    for content_hash in sorted(set(crm_hashes)):
        _load(con, home, "crm", content_hash)
    for content_hash in sorted(set(evidence_hashes)):
        _load(con, home, "evidence", content_hash)


def _load(con: duckdb.DuckDBPyConnection, home: Home, kind: SourceKind, content_hash: str) -> None:
    paths = snapshot_path(home, kind, content_hash), rejected_path(home, kind, content_hash)
    for path in paths:
        if not path.is_file():
            hint = (
                "Restore it from a backup of the snapshots folder: a past run can only be judged against its own day."
            )
            raise InputError(f"The snapshot {path.name} is missing.", hint=hint)
    try:
        _load_pair(con, kind, content_hash, paths)
    except duckdb.Error as error:
        raise _damaged(paths[0]) from error


def _load_pair(con: duckdb.DuckDBPyConnection, kind: SourceKind, content_hash: str, paths: tuple[Path, Path]) -> None:
    con.execute(sql.insert_rows(kind), [content_hash, str(paths[0])])
    con.execute(sql.insert_rejected(kind), [content_hash, str(paths[1])])
    found = con.execute(sql.loaded_digest(kind), [content_hash, content_hash]).fetchall()[0][0]
    if found != content_hash:
        raise _damaged(paths[0])


def _damaged(path: Path) -> AuditError:
    hint = "It was changed or damaged after it was kept. Restore it from a backup."
    return AuditError(f"The content of the snapshot {path.name} is not what its name says.", hint=hint)
