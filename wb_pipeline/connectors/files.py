"""Pulls CRM records and evidence from a folder of JSON Lines, JSON and Parquet files. What rows mean is contract/."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.connectors.base import PULLED_SCHEMAS, Pull
from wb_pipeline.connectors.files_listing import listed_files, why_not_read
from wb_pipeline.connectors.files_writing import finish_begun_writes
from wb_pipeline.contract.reasons import Reason, reasons_json
from wb_pipeline.contract.records import parse_crm_file, parse_evidence_file
from wb_pipeline.contract.tables import REJECTED_ROWS

if TYPE_CHECKING:
    from pathlib import Path

    from wb_pipeline.connectors.base import SourceKind

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
        if kind == "crm":
            finish_begun_writes(self.path)
        for path, label in listed_files(self.path):
            if refusal := why_not_read(self.path, path, label):
                rejected.append(_rejected(kind, label, refusal))
                continue
            parsed = _PARSERS[kind](path, file_name=label)
            tables.append(parsed.table.append_column(_FILE_NAME, pa.repeat(label, len(parsed.table))))
            rejected.append(parsed.rejected)
            notices.update(parsed.notices)
        if not any(len(table) for table in tables):
            notices[f"no {_WHAT[kind]} were found in {self.path.name}"] += 1
        return Pull(kind, _joined(tables, PULLED_SCHEMAS[kind]), _joined(rejected, REJECTED_ROWS), dict(notices))


def _rejected(kind: SourceKind, label: str, reason: Reason) -> pa.Table:
    row = {"source_kind": kind, "file_name": label, "row_number": 0, "reasons": reasons_json([reason])}
    return pa.Table.from_pylist([row], schema=REJECTED_ROWS)


def _joined(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables(tables) if tables else schema.empty_table()
