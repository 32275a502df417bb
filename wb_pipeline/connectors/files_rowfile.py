"""One file of a CRM folder: which records stand in which rows, as the reader sees it. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from wb_pipeline.connectors.files_pieces import NotRewritableError, Pieces
from wb_pipeline.connectors.files_row_text import Record, row_record
from wb_pipeline.connectors.writing import KEY_FIELD, Unavailable
from wb_pipeline.contract.collector_pause import collector_paused
from wb_pipeline.contract.models_crm import CrmRecord as CrmRow
from wb_pipeline.contract.read import open_rows
from wb_pipeline.contract.records import CRM_NESTED
from wb_pipeline.contract.times import read_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wb_pipeline.contract.rows import Row

RecordKey = tuple[str, str]
"""Object and record id, as the contract reads them."""

_NEVER = datetime.min  # noqa: DTZ901 - times of tables are UTC without a zone
_READS = 5


class FileState(NamedTuple):
    """What tells without opening a file that it is still the one that was read."""

    modified_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> FileState | None:
        """Return the state of a file; None where there is none."""
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        return cls(found.st_mtime_ns, found.st_size, found.st_ino)


class Place(NamedTuple):
    """Where a record stands in its file, and what decides whether this row is the one that counts."""

    number: int
    updated_at: datetime
    is_archived: bool
    written_key: str | None


@dataclass
class RowFile:
    """A file as it was read. `places` has the row that counts of every record; `why_fixed` says why it is read-only."""

    path: Path
    label: str
    state: FileState | None
    places: dict[RecordKey, Place] = field(default_factory=dict)
    pieces: Pieces | None = None
    why_fixed: str = ""
    mappings: dict[int, Record] = field(default_factory=dict)

    def record(self, place: Place) -> Record:
        """Return the record of a row, unknown keys included."""
        if self.pieces is None:
            return dict(self.mappings[place.number])
        return row_record(self.pieces.row(place.number))

    def on_disk(self) -> FileState | None:
        """Return the state of the file as it lies there now."""
        return FileState.of(self.path)

    def is_as_read(self) -> bool:
        """Return whether the file on disk still holds what was read of it."""
        try:
            return self.pieces is not None and self.path.read_bytes() == self.pieces.data()
        except FileNotFoundError:
            return self.state is None


def new_file(path: Path, label: str) -> RowFile:
    """Return a file of JSON Lines that is not there yet."""
    return RowFile(path, label, None, pieces=Pieces(b"", "jsonl"))


def read_file(path: Path, label: str) -> RowFile:
    """Read a file that others may be changing meanwhile. Raises Unavailable where it does not keep still."""
    for _ in range(_READS):
        state = FileState.of(path)
        file = _read(path, label, state)
        if state is not None and FileState.of(path) == state:
            return file
    raise Unavailable(f"{label} is being changed by somebody else all the time.")


def place_of(number: int, mapping: dict[str, Any]) -> tuple[RecordKey, Place] | None:
    """Return which record a row describes; None where the contract does not take it as a record."""
    try:
        row = CrmRow.model_validate(mapping)
    except ValidationError:
        return None
    key = row.fields.get(KEY_FIELD)
    updated_at = read_time(row.updated_at).at or _NEVER
    place = Place(number, updated_at, bool(row.archived), key if isinstance(key, str) else None)
    return (row.object.strip().lower(), row.id), place


def _read(path: Path, label: str, state: FileState | None) -> RowFile:
    file = RowFile(path, label, state)
    source = open_rows(path, file_name=label, nested=CRM_NESTED)
    with collector_paused():
        for key, place, mapping in _records(source.rows):
            earlier = file.places.get(key)
            if earlier is None or earlier.updated_at <= place.updated_at:
                file.places[key] = place
            if source.file_format != "jsonl":
                file.mappings[place.number] = mapping
    if source.problem:
        file.why_fixed = source.problem.message
        return file
    try:
        file.pieces = Pieces(b"" if source.file_format == "parquet" else path.read_bytes(), source.file_format)
        file.mappings.clear()
    except NotRewritableError as error:
        file.why_fixed = str(error)
    return file


def _records(rows: Iterable[Row]) -> Iterator[tuple[RecordKey, Place, Record]]:
    for row in rows:
        if row.problem is None and row.mapping is not None:
            found = place_of(row.number, row.mapping)
            if found:
                yield *found, row.mapping
