"""Where else a text stands that was asked to be forgotten: files of the home. Erases nothing, looks nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.canonical import canonical_json

if TYPE_CHECKING:
    from pathlib import Path

    from wb_pipeline.home import Home

_CHUNK = 1 << 20
_ROW = "lower(cast(to_json(rows) as varchar))"
_ANY = f"list_bool_or(list_transform($texts, lambda text: contains({_ROW}, lower(text))))"


@dataclass(frozen=True, slots=True)
class Remains:
    """How many files of a folder hold it, and what becomes of them: `is_derived`: made anew, so may be deleted."""

    folder: str
    files: int
    is_derived: bool


def remains(home: Home, texts: Sequence[str]) -> list[Remains]:
    """Return the folders in which files hold one of the texts; capitals count, except in Parquet."""
    decided = (home.segments, home.values, home.dedupe, home.policies, home.models)
    books = (home.inbox, home.archive, home.snapshots, *decided)
    derived = (home.published, home.report, home.outbox)
    found = []
    for folder, is_derived in ((each, each in derived) for each in (*books, *derived)):
        files = sum(_holds(path, texts) for path in _files(folder))
        if files:
            found.append(Remains(folder.name, files, is_derived))
    if home.ledger_marker.exists() and home.ledger.exists():
        found.append(Remains(f"{home.ledger.name} (left behind by a move)", 1, is_derived=False))
    return found


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _holds(path: Path, texts: Sequence[str]) -> bool:
    return _parquet_holds(path, texts) if path.suffix == ".parquet" else _bytes_hold(path, texts)


def _bytes_hold(path: Path, texts: Sequence[str]) -> bool:
    needles = {form.encode() for text in texts for form in (text, canonical_json(text)[1:-1])}
    longest, rest = max(map(len, needles)), b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            if any(needle in rest for needle in needles):
                return True
            rest = rest[-longest:]
    return False


def _parquet_holds(path: Path, texts: Sequence[str]) -> bool:
    import duckdb

    query = f"select exists (select 1 from read_parquet($path) as rows where {_ANY})"  # noqa: S608 - our own names
    given = {"path": str(path), "texts": [form for text in texts for form in (text, canonical_json(text)[1:-1])]}
    try:
        with duckdb.connect() as con:
            return bool(con.execute(query, given).fetchall()[0][0])
    except duckdb.Error:
        # Damaged, or no Parquet in spite of its name: what it holds, it holds as it is.
        return _bytes_hold(path, texts)
