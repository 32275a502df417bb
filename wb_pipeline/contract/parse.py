"""A batch file of proposals to its three raw tables. No judging of actions, fields, times: gates do that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from wb_pipeline.canonical import content_hash
from wb_pipeline.contract.action_shapes import shape_reasons
from wb_pipeline.contract.collector_pause import collector_paused
from wb_pipeline.contract.flatten import change_rows, citation_rows, line_columns
from wb_pipeline.contract.limits import DEFAULT_LIMITS
from wb_pipeline.contract.model_reasons import model_reasons
from wb_pipeline.contract.models_proposal import Proposal
from wb_pipeline.contract.read import FileFormat, open_rows
from wb_pipeline.contract.reasons import Reason, reasons_json
from wb_pipeline.contract.refused import refused_columns
from wb_pipeline.contract.rows import Row
from wb_pipeline.contract.tables import PROPOSAL_CHANGES, PROPOSAL_CITATIONS, PROPOSAL_LINES, TableBuilder

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from wb_pipeline.contract.limits import Limits

NESTED_KEYS = frozenset({"actor", "target", "changes", "payload", "evidence", "causation"})
_KEY_DIGITS = 16
_NO_REASONS = "[]"


@dataclass(frozen=True)
class ParsedBatch:
    """What a batch file holds: every non-blank line once in `lines`, with its reasons where it is quarantined."""

    file_format: FileFormat
    lines: pa.Table
    """raw.proposal_lines; an unreadable file is its one row, with line_number 0."""

    changes: pa.Table
    """raw.proposal_changes of the readable lines."""

    citations: pa.Table
    """raw.proposal_citations of the readable lines."""

    line_count: int
    """Rows that the reader met, counted apart from the tables; 1 for an unreadable file."""

    problem: str | None
    """Why the file is unreadable as a whole, if it is."""

    @property
    def is_readable(self) -> bool:
        """Whether the file could be read at all."""
        return self.problem is None


def parse_batch(path: Path, *, batch_key: str, file_name: str, limits: Limits = DEFAULT_LIMITS) -> ParsedBatch:
    """Return the tables of one batch file (CON-1 to CON-3, CON-7). No row is lost, repaired or allowed to stop others.

    `batch_key` is the hash of the file's bytes, `file_name` only a label. Raises InputError if `path` cannot be opened.
    """
    source = open_rows(path, file_name=file_name, nested=NESTED_KEYS, limits=limits)
    tables = _Tables(batch_key, file_name, limits)
    line_count = 0
    if source.problem:
        line_count = 1
        tables.refuse(Row(0, None, source.problem, "", 0), [source.problem])
    with collector_paused():
        for row in source.rows:
            line_count += 1
            tables.take(row)
    return ParsedBatch(
        file_format=source.file_format,
        lines=tables.lines.table(),
        changes=tables.changes.table(),
        citations=tables.citations.table(),
        line_count=line_count,
        problem=source.problem.message if source.problem else None,
    )


class _Tables:
    """The three tables of one batch while they grow."""

    def __init__(self, batch_key: str, file_name: str, limits: Limits) -> None:
        batch = {"batch_key": batch_key}
        self.lines = TableBuilder(PROPOSAL_LINES, batch | {"file_name": file_name})
        self.changes = TableBuilder(PROPOSAL_CHANGES, batch)
        self.citations = TableBuilder(PROPOSAL_CITATIONS, batch)
        self._key_start = batch_key[:_KEY_DIGITS]
        self._limits = limits

    def take(self, row: Row) -> None:
        """Add a row as a proposal, or as a refused line with every reason."""
        reasons = [row.problem] if row.problem else []
        if row.mapping is None:
            self.refuse(row, reasons)
            return
        reasons += shape_reasons(row.mapping)
        try:
            proposal = Proposal.model_validate(row.mapping)
        except ValidationError as error:
            self.refuse(row, _without_repeats(reasons, model_reasons(error)))
            return
        if reasons:
            self.refuse(row, reasons)
            return
        self._accept(row, row.mapping, proposal)

    def _accept(self, row: Row, mapping: dict[str, Any], proposal: Proposal) -> None:
        key = self._proposal_key(row)
        said = (row.number, key, True, _NO_REASONS, row.text, _hash(mapping))
        self.lines.add((*said, *line_columns(proposal)), size=row.size)
        for change in change_rows(proposal, key):
            self.changes.add(change, size=len(change[6] or ""))
        for citation in citation_rows(proposal, key):
            self.citations.add(citation, size=len(citation[3] or ""))

    def refuse(self, row: Row, reasons: list[Reason]) -> None:
        """Add a quarantined line."""
        listed = reasons_json(reasons, most=self._limits.max_reasons)
        # Its content cannot be compared, so the hash only has to tell one piece of rubbish from another.
        digest = content_hash([row.size, row.text])
        self.lines.add((row.number, self._proposal_key(row), False, listed, row.text, digest, *refused_columns(row)))

    def _proposal_key(self, row: Row) -> str:
        return f"{self._key_start}:{row.number}"


def _without_repeats(shape: list[Reason], model: list[Reason]) -> list[Reason]:
    """Return both lists; where both complain of one field, the one that knows the action is enough."""
    named = {reason.field for reason in shape if reason.code == "missing"}
    return shape + [reason for reason in model if reason.field not in named]


def _hash(mapping: dict[str, Any]) -> str:
    """Return the hash of what a proposal says: the batch label and keys that state nothing do not count (CON-4)."""
    said = {key: value for key, value in mapping.items() if value is not None and key != "batch_id"}
    return content_hash(said)
