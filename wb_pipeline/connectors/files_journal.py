"""Rows of several files replaced all or none: they stand in a journal first, which whoever opens next finishes.

The journal names rows, not files: what somebody else changed in between, in another row, is not lost.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.connectors.atomic import written_atomically
from wb_pipeline.connectors.files_rowfile import FileState
from wb_pipeline.ledger.durable import flush_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wb_pipeline.connectors.files_folder import CrmFolder
    from wb_pipeline.connectors.files_rowfile import RecordKey, RowFile

_TEXT = ("utf-8", "surrogateescape")


@dataclass(frozen=True)
class RowChange:
    """A row to be written: over the row `old`, or behind all others where there is none."""

    key: RecordKey
    label: str
    old: bytes | None
    new: bytes


class Journal:
    """The hidden file in which changes of several files stand until all of them are written."""

    def __init__(self, folder: CrmFolder) -> None:
        self._folder = folder
        self.path = journal_path(folder.path)

    def commit(self, changes: Sequence[RowChange], files: Sequence[RowFile]) -> None:
        """Write all changes. Raises OSError; then `is_pending` says whether they will be finished later."""
        if len(files) > 1:
            with written_atomically(self.path) as unfinished:
                unfinished.write_text(json.dumps([_entry(change) for change in changes]), encoding="utf-8")
        for file in files:
            texts = {change.key: change.new for change in changes if change.label == file.label}
            self._folder.take_in(file, texts)
            _store(file)
        self._remove()

    @property
    def is_pending(self) -> bool:
        """Whether changes were begun and are not finished."""
        return self.path.exists()

    def finish(self) -> None:
        """Write what a killed process had begun; under the folder's lock, behind a refresh.

        A row that somebody else changed since is left to them; a record that is there already is not made again.
        """
        changes = [_change(entry) for entry in json.loads(self.path.read_text(encoding="utf-8"))]
        waiting = [change for change in changes if self._folder.text(change.key) == change.old]
        files = {file.label: file for file in (self._folder.file_of(change.key) for change in waiting)}
        for file in files.values():
            mine = {change.key: change.new for change in waiting if self._folder.file_of(change.key) is file}
            self._folder.take_in(file, mine)
            _store(file)
        self._remove()

    def _remove(self) -> None:
        if self.is_pending:
            self.path.unlink()
            flush_folder(self.path.parent)


def journal_path(path: Path) -> Path:
    """Return where the journal of a folder, or of a single file, lies while it is needed."""
    return path / ".wb-writes.journal" if path.is_dir() else path.with_name(f".{path.name}.wb-writes.journal")


def _store(file: RowFile) -> None:
    """Replace the file on disk by its pieces, with the rights that it had."""
    if file.pieces is None:
        raise OSError(f"{file.label} is only read")
    with written_atomically(file.path) as unfinished:
        unfinished.write_bytes(file.pieces.data())
        if file.path.exists():
            unfinished.chmod(file.path.stat().st_mode & 0o777)
        # The name changes, these three do not: what others do to the file from here on is seen.
        file.state = FileState.of(unfinished)


def _entry(change: RowChange) -> dict[str, str | None]:
    old = None if change.old is None else change.old.decode(*_TEXT)
    return {
        "object": change.key[0],
        "id": change.key[1],
        "file": change.label,
        "old": old,
        "new": change.new.decode(),
    }


def _change(entry: dict[str, Any]) -> RowChange:
    old = None if entry["old"] is None else entry["old"].encode(*_TEXT)
    return RowChange((entry["object"], entry["id"]), entry["file"], old, entry["new"].encode())
