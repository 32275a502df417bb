"""CRM and evidence files to tables. No connectors, no hashing of snapshots, no judging of what evidence proves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.contract.collector_pause import collector_paused
from wb_pipeline.contract.crm_rows import CrmRows
from wb_pipeline.contract.evidence_rows import EvidenceRows
from wb_pipeline.contract.limits import DEFAULT_LIMITS
from wb_pipeline.contract.read import FileFormat, RowSource, open_rows
from wb_pipeline.contract.reasons import Reason, reasons_json
from wb_pipeline.contract.tables import REJECTED_ROWS, TableBuilder

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from wb_pipeline.contract.limits import Limits
    from wb_pipeline.contract.rows import Row

CRM_NESTED = frozenset({"fields", "meta", "history"})
"""The columns of a Parquet file of CRM records whose text is JSON."""

_EVIDENCE_NESTED = frozenset(
    {"cc", "auth", "attendees", "participants", "transcript", "current", "past", "attributes", "signatures"}
    | {"steps", "fields"}
)
# An object in one type and plain text in another (the subject of an email and of an enrichment record).
_EVIDENCE_MAY_BE_NESTED = frozenset({"from", "to", "organizer", "subject", "accepted_by", "target"})


@dataclass(frozen=True)
class ParsedRecords:
    """What a CRM or evidence file holds. Rows in = `table` rows + `rejected` rows; nothing is dropped unseen."""

    file_format: FileFormat
    table: pa.Table
    """CRM_RECORDS or EVIDENCE_ITEMS of contract/tables.py."""

    rejected: pa.Table
    """REJECTED_ROWS of contract/tables.py."""

    row_count: int
    """Non-blank rows of the file; 1 for a file that is unreadable as a whole (its one rejected row)."""

    problem: Reason | None
    """Why the file is unreadable as a whole, if it is."""

    notices: dict[str, int]
    """How many kept rows were odd, by sentence: an unknown type, a time without a zone. For reports."""

    @property
    def is_readable(self) -> bool:
        """Whether the file could be read at all."""
        return self.problem is None


def parse_crm_file(path: Path, *, file_name: str = "", limits: Limits = DEFAULT_LIMITS) -> ParsedRecords:
    """Return the records of a CRM file as CRM_RECORDS, one per object and id.

    Of several rows for one record the one updated last counts (the later row, where that is equal); the others are
    rejected, naming it. Raises InputError where the file cannot be opened.
    """
    source = open_rows(path, file_name=file_name, nested=CRM_NESTED, limits=limits)
    return _collect(source, CrmRows(), "crm", file_name or path.name, limits)


def parse_evidence_file(path: Path, *, file_name: str = "", limits: Limits = DEFAULT_LIMITS) -> ParsedRecords:
    """Return the items of an evidence file as EVIDENCE_ITEMS: repeats kept and flagged, unknown types kept and noticed.

    Raises InputError where the file cannot be opened.
    """
    source = open_rows(
        path, file_name=file_name, nested=_EVIDENCE_NESTED, may_be_nested=_EVIDENCE_MAY_BE_NESTED, limits=limits
    )
    return _collect(source, EvidenceRows(), "evidence", file_name or path.name, limits)


def _collect(
    source: RowSource, rows: CrmRows | EvidenceRows, source_kind: str, name: str, limits: Limits
) -> ParsedRecords:
    """Feed every row of the file to `rows`, which keeps it or says why not."""
    refused: list[tuple[int, list[Reason]]] = [(0, [source.problem])] if source.problem else []
    row_count = len(refused)
    with collector_paused():
        for row in source.rows:
            row_count += 1
            if reasons := _take(rows, row):
                refused.append((row.number, reasons))
    refused += rows.superseded()
    rejected = TableBuilder(REJECTED_ROWS)
    for number, reasons in sorted(refused, key=lambda item: item[0]):
        rejected.add((source_kind, name, number, reasons_json(reasons, most=limits.max_reasons)))
    return ParsedRecords(
        source.file_format, rows.table(), rejected.table(), row_count, source.problem, dict(rows.notices)
    )


def _take(rows: CrmRows | EvidenceRows, row: Row) -> list[Reason]:
    """Return why a row is refused: nothing where it was kept."""
    if row.problem is None and row.mapping is not None:
        return rows.take(row.number, row.mapping)
    reasons = [row.problem] if row.problem else []
    return reasons if row.mapping is None else reasons + rows.check(row.mapping)
