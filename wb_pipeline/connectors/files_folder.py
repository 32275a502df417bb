"""A CRM folder in memory: which row of which file counts for a record, kept in step with the disk. No deciding."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from wb_pipeline.connectors.files_listing import data_files
from wb_pipeline.connectors.files_row_text import Record, row_record
from wb_pipeline.connectors.files_rowfile import FileState, RecordKey, RowFile, new_file, place_of, read_file
from wb_pipeline.connectors.files_ties import row_hash
from wb_pipeline.connectors.writing import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from wb_pipeline.connectors.files_rowfile import Place

_PLURALS = {"company": "companies", "activity": "activities"}


class CrmFolder:
    """The records of a folder (or of one file). Call `refresh` before looking at anything, under the folder's lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: dict[str, RowFile] = {}
        self._standing: dict[RecordKey, tuple[RowFile, Place]] = {}
        self._written: dict[tuple[str, str], str] = {}
        self._homes: dict[str, RowFile] = {}
        self._is_stale = True
        self.reading = 0
        """How often it was found out anew which rows count: what was known of values before is not known any more."""
        self.written: list[RecordKey] = []
        """The records that were written here since."""

    def refresh(self) -> None:
        """Read what changed on disk since. Raises InputError where there is no folder, Unavailable where it moves."""
        found = {label: path.resolve() for path, label in data_files(self.path)}
        changed = [label for label, path in found.items() if self._is_changed(label, path)]
        gone = self._files.keys() - found.keys()
        for label in gone:
            del self._files[label]
        for label in changed:
            self._files[label] = read_file(found[label], label)
        if gone or changed or self._is_stale:
            self._rank()

    def forget(self, labels: Iterable[str]) -> None:
        """Let the next refresh read these files again, whatever their state says."""
        self._is_stale = True
        for label in labels:
            self._files.pop(label, None)

    def forget_all(self) -> None:
        """Let the next refresh read everything again: what is in memory may not be what is on disk."""
        self._is_stale = True
        self._files.clear()

    def keys(self) -> list[RecordKey]:
        """Return every record that there is, archived ones too."""
        return list(self._standing)

    def is_archived(self, key: RecordKey) -> bool:
        """Return whether a record that exists is archived."""
        return self._standing[key][1].is_archived

    def text(self, key: RecordKey) -> bytes | None:
        """Return the row that counts for a record; None where there is no such record."""
        standing = self._standing.get(key)
        if standing is None:
            return None
        file, place = standing
        return _shown(file.record(place)) if file.pieces is None else file.pieces.row(place.number)

    def record(self, key: RecordKey) -> Record | None:
        """Return a record as its row has it."""
        standing = self._standing.get(key)
        return standing[0].record(standing[1]) if standing else None

    def written_under(self, object_name: str, key: str) -> str | None:
        """Return the id of the record that carries a write's key."""
        return self._written.get((object_name, key))

    def file_of(self, key: RecordKey) -> RowFile:
        """Return the file into which a record is written. Raises Refused where that file is read-only."""
        standing = self._standing.get(key)
        file = standing[0] if standing else self._home_of(key[0])
        if file.pieces is None:
            raise Refused(f"The {key[0]} {key[1]} stands in {file.label}, which cannot be written: {file.why_fixed}.")
        return file

    def take_in(self, file: RowFile, texts: Mapping[RecordKey, bytes]) -> None:
        """Put rows into a file's pieces, in memory only: each in its place, a new record behind the last."""
        pieces = file.pieces
        if pieces is None:
            raise Refused(f"{file.label} cannot be written: {file.why_fixed}.")
        self._files[file.label] = file
        for key, text in texts.items():
            standing = self._standing.get(key)
            if standing:
                number = standing[1].number
                pieces.replace(number, text)
                self._written.pop((key[0], standing[1].written_key or ""), None)
            else:
                number = pieces.append(text)
            self._note(file, number, text)
            self.written.append(key)

    def _note(self, file: RowFile, number: int, text: bytes) -> None:
        found = place_of(number, row_record(text))
        if found:
            key, place = found
            file.places[key] = place
            self._stand(key, file, place)

    def _stand(self, key: RecordKey, file: RowFile, place: Place) -> None:
        self._standing[key] = (file, place)
        if place.written_key:
            self._written[key[0], place.written_key] = key[1]

    def _is_changed(self, label: str, path: Path) -> bool:
        known = self._files.get(label)
        return known is None or known.path != path or known.state != FileState.of(path)

    def _rank(self) -> None:
        """Decide anew which row counts, as the reader does: updated last, then alive, then by content and name."""
        self._standing.clear()
        self._written.clear()
        self._homes.clear()
        self._is_stale = False
        self.reading += 1
        self.written.clear()
        best: dict[RecordKey, tuple[RowFile, Place]] = {}
        for label in sorted(self._files):
            file = self._files[label]
            for key, place in file.places.items():
                if key not in best or _beats((file, place), best[key]):
                    best[key] = (file, place)
        for key, (file, place) in best.items():
            self._stand(key, file, place)

    def _home_of(self, object_name: str) -> RowFile:
        if object_name not in self._homes:
            self._homes[object_name] = self._file_for_new(object_name)
        return self._homes[object_name]

    def _file_for_new(self, object_name: str) -> RowFile:
        """Return the file in which most records of an object live, or a new one named after the object."""
        counts = Counter(
            file.label for (kind, _), (file, _) in self._standing.items() if kind == object_name and file.pieces
        )
        if counts:
            return self._files[min(counts, key=lambda label: (-counts[label], label))]
        if self.path.is_file():
            return self._files[self.path.name]
        label = f"{_PLURALS.get(object_name, f'{object_name}s')}.jsonl"
        return self._files.get(label) or new_file(self.path.resolve() / label, label)


def _shown(record: Record) -> bytes:
    """Return a record of a file that is only read, for looking at."""
    return json.dumps(record, default=str).encode()


def _beats(one: tuple[RowFile, Place], other: tuple[RowFile, Place]) -> bool:
    """Return whether a row counts and not the other, which stands in a file with an earlier name."""
    mine, theirs = one[1], other[1]
    if mine.updated_at != theirs.updated_at:
        return mine.updated_at > theirs.updated_at
    if mine.is_archived != theirs.is_archived:
        return theirs.is_archived
    return row_hash(one[0].record(mine)) < row_hash(other[0].record(theirs))
