"""A folder of CRM files that can be written: atomic, under a lock, each call compared right before (SYN-1 to SYN-4).

What a call does to records is in `files_calls`, which row is meant in `files_folder`, how files are replaced in
`files_journal`.
"""

from __future__ import annotations

import glob
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from wb_pipeline.connectors.atomic import sweep_unfinished
from wb_pipeline.connectors.files_calls import Draft
from wb_pipeline.connectors.files_folder import CrmFolder
from wb_pipeline.connectors.files_journal import Journal, RowChange, journal_path
from wb_pipeline.connectors.files_search import FolderSearch
from wb_pipeline.connectors.writing import CrmAnswer, CrmCall, CrmError, CrmRecord, OutcomeUnknown, Unavailable
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from wb_pipeline.connectors.files_row_text import Record
    from wb_pipeline.connectors.files_rowfile import RowFile
    from wb_pipeline.connectors.search_keys import FieldKeys

BATCH_SIZE = 1_000
LOCK_SECONDS = 60.0
_TRIES = 5


class WritableFiles:
    """The CRM that lies in a folder, or in one file. Implements WritableCrm.

    Each call of a method holds the folder's lock file; between two of them others may write, which is seen. A killed
    process leaves whole files: what it had begun in several of them is finished by the next call of anybody.
    """

    settle_seconds = 0.0
    batch_size = BATCH_SIZE

    def __init__(self, path: Path, *, name: str = "files", lock_seconds: float = LOCK_SECONDS) -> None:
        if not path.exists():
            raise InputError(f"{path} does not exist.", hint="Name the folder of the CRM's files, or its one file.")
        self.name = name
        self._folder = CrmFolder(path)
        self._journal = Journal(self._folder)
        self._search = FolderSearch(self._folder)
        self._lock = FileLock(_hidden_beside(path, "wb-writes.lock"), timeout=lock_seconds)
        self._is_swept = False

    def read(self, object_name: str, record_ids: Sequence[str]) -> dict[str, CrmRecord]:
        """Return the records that there are, archived ones too."""
        with self._locked():
            found = {record_id: self._folder.record((object_name, record_id)) for record_id in record_ids}
        return {
            record_id: _as_read(object_name, record_id, record)
            for record_id, record in found.items()
            if record is not None
        }

    def find_by_key(self, object_name: str, keys: Sequence[str]) -> dict[str, str]:
        """Return the ids of the records whose KEY_FIELD holds one of these keys."""
        with self._locked():
            found = {key: self._folder.written_under(object_name, key) for key in keys}
        return {key: record_id for key, record_id in found.items() if record_id is not None}

    def find_by_fields(self, object_name: str, wanted: FieldKeys) -> list[CrmRecord]:
        """Return the records that are not archived and hold one of the keys in its field."""
        with self._locked():
            found = self._search.find(object_name, wanted)
        return [_as_read(object_name, record_id, record) for record_id, record in found]

    def write_many(self, calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        """Carry out calls, each wholly or not at all; files are replaced once for all of them."""
        try:
            with self._locked():
                return self._write(calls)
        except CrmError as error:
            return [error] * len(calls)

    def close(self) -> None:
        """Nothing stays open between two calls."""

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock, with what was begun finished. An OSError that leaves it comes before anything was written."""
        try:
            with self._lock:
                self._catch_up()
                yield
        except Timeout as error:
            raise Unavailable(f"Somebody else holds {self._lock.lock_file}.") from error
        except OSError as error:
            raise Unavailable(f"The files of the CRM cannot be read or written: {error.strerror or error}.") from error

    def _catch_up(self) -> None:
        if not self._is_swept:
            _sweep(self._folder.path)
            self._is_swept = True
        self._folder.refresh()
        if self._journal.is_pending:
            self._finish()

    def _finish(self) -> None:
        try:
            self._journal.finish()
        except BaseException:
            self._folder.forget_all()
            raise

    def _write(self, calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        for _ in range(_TRIES):
            draft = Draft(self._folder)
            answers = [draft.carry_out(call) for call in calls]
            files = {file.label: file for file in map(self._folder.file_of, draft.texts)}
            changed = [label for label, file in files.items() if not file.is_as_read()]
            if not changed:
                return self._stored(draft, list(files.values()), answers)
            self._folder.forget(changed)
            self._folder.refresh()
        raise Unavailable("The files of the CRM are being changed by somebody else all the time.")

    def _stored(
        self, draft: Draft, files: list[RowFile], answers: list[CrmAnswer | CrmError]
    ) -> list[CrmAnswer | CrmError]:
        changes = [
            RowChange(key, self._folder.file_of(key).label, self._folder.text(key), text)
            for key, text in draft.texts.items()
        ]
        before = {file.label: file.on_disk() for file in files}
        try:
            self._journal.commit(changes, files)
        except OSError as error:
            has_begun = self._journal.is_pending or any(file.on_disk() != before[file.label] for file in files)
            self._folder.forget_all()
            text = f"The files of the CRM cannot be written: {error.strerror or error}."
            failed = OutcomeUnknown(text) if has_begun else Unavailable(text)
            return [answer if isinstance(answer, CrmError) else failed for answer in answers]
        except BaseException:
            self._folder.forget_all()
            raise
        return answers


def _as_read(object_name: str, record_id: str, record: Record) -> CrmRecord:
    return CrmRecord(object_name, record_id, record["fields"], bool(record.get("archived")), record.get("merged_into"))


def finish_begun_writes(path: Path) -> None:
    """Finish what a killed process had begun in several files: who pulls the folder must not see half of it."""
    if journal_path(path).exists():
        try:
            WritableFiles(path).read("", [])
        except CrmError as error:
            hint = "Wait until whoever writes is done, or mend what is in the way; then run it again."
            message = f"Writes to {path.name} were begun and are not finished. {error.text}"
            raise InputError(message, hint=hint) from error


def _sweep(path: Path) -> None:
    """Delete what killed processes left half written; only for who holds the lock."""
    if path.is_dir():
        sweep_unfinished(path)
    else:
        for unfinished in path.parent.glob(f".{glob.escape(path.name)}.*.unfinished"):
            unfinished.unlink(missing_ok=True)


def _hidden_beside(path: Path, name: str) -> Path:
    return path / f".{name}" if path.is_dir() else path.with_name(f".{path.name}.{name}")
