"""Pulls CRM records and evidence from a folder of JSON Lines, JSON and Parquet files. What rows mean is contract/."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.connectors.base import PULLED_SCHEMAS, Pull
from wb_pipeline.contract.reasons import Reason, reasons_json
from wb_pipeline.contract.records import parse_crm_file, parse_evidence_file
from wb_pipeline.contract.tables import REJECTED_ROWS
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from wb_pipeline.connectors.base import SourceKind

SUFFIXES = frozenset({".jsonl", ".ndjson", ".json", ".parquet"})
MAX_FILES = 10_000
MAX_FILE_BYTES = 8 << 30
_PARSERS = {"crm": parse_crm_file, "evidence": parse_evidence_file}
_WHAT = {"crm": "CRM records", "evidence": "evidence items"}
_FILE_NAME = pa.field("file_name", pa.string())


@dataclass(frozen=True, slots=True)
class FilesConnector:
    """A CRM or an evidence store that lies in a folder, or in one file. Implements both pull protocols."""

    path: Path
    name: str = "files"

    def pull_crm(self) -> Pull:
        """Return the records of every file below the path. Raises InputError when the path does not exist."""
        return self._pull("crm")

    def pull_evidence(self) -> Pull:
        """Return the items of every file below the path. Raises InputError when the path does not exist."""
        return self._pull("evidence")

    def _pull(self, kind: SourceKind) -> Pull:
        tables, rejected, notices = [], [], Counter[str]()
        for path, label in self._files():
            if refusal := self._refusal(path, label):
                rejected.append(_rejected(kind, label, refusal))
                continue
            parsed = _PARSERS[kind](path, file_name=label)
            tables.append(parsed.table.append_column(_FILE_NAME, pa.repeat(label, len(parsed.table))))
            rejected.append(parsed.rejected)
            notices.update(parsed.notices)
        if not any(len(table) for table in tables):
            notices[f"no {_WHAT[kind]} were found in {self.path.name}"] += 1
        return Pull(kind, _joined(tables, PULLED_SCHEMAS[kind]), _joined(rejected, REJECTED_ROWS), dict(notices))

    def _files(self) -> list[tuple[Path, str]]:
        """Return every data file with its name below the path, sorted by that name; hidden files are left alone."""
        if self.path.is_file():
            return [(self.path, self.path.name)]
        if not self.path.is_dir():
            hint = "Name a folder of .jsonl, .json or .parquet files, or one such file."
            raise InputError(f"{self.path} does not exist.", hint=hint)
        found = (
            (path, path.relative_to(self.path)) for path in self.path.rglob("*") if path.suffix.lower() in SUFFIXES
        )
        files = [(path, name.as_posix()) for path, name in found if not _is_hidden(name) and not path.is_dir()]
        if len(files) > MAX_FILES:
            hint = "Put more rows into each file, or name a smaller folder."
            raise InputError(f"{self.path} holds {len(files)} data files; at most {MAX_FILES} are read.", hint=hint)
        return sorted(files, key=lambda file: file[1])

    def _refusal(self, path: Path, label: str) -> Reason | None:
        """Return why a file is not even opened, if it is not: a link to elsewhere, a pipe, too large."""
        if self.path.is_dir() and not path.resolve().is_relative_to(self.path.resolve()):
            return Reason(
                "outside_folder", "", f"{label} is a link to a place outside the folder. Copy the file into it."
            )
        if not path.is_file():
            return Reason("not_a_file", "", f"{label} is a broken link or no regular file. Remove it.")
        if path.stat().st_size > MAX_FILE_BYTES:
            return Reason("file_too_large", "", f"{label} is larger than {MAX_FILE_BYTES >> 30} GiB. Split it.")
        return None


def _is_hidden(name: Path) -> bool:
    return any(part.startswith(".") for part in name.parts)


def _rejected(kind: SourceKind, label: str, reason: Reason) -> pa.Table:
    row = {"source_kind": kind, "file_name": label, "row_number": 0, "reasons": reasons_json([reason])}
    return pa.Table.from_pylist([row], schema=REJECTED_ROWS)


def _joined(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables(tables) if tables else schema.empty_table()
