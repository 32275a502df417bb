"""The columns of what is parsed, and a builder that fills them in bounded pieces. No parsing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT, _WHOLE, _TRUTH, _REAL, _TIME = pa.string(), pa.int64(), pa.bool_(), pa.float64(), pa.timestamp("us")
_BATCH_ROWS = 8_192
_BATCH_BYTES = 64 << 20


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


PROPOSAL_LINES = _schema(
    batch_key=_TEXT,
    line_number=_WHOLE,
    proposal_key=_TEXT,
    file_name=_TEXT,
    is_readable=_TRUTH,
    quarantine_reasons=_TEXT,
    raw_text=_TEXT,
    content_hash=_TEXT,
    proposal_id=_TEXT,
    batch_label=_TEXT,
    idempotency_key=_TEXT,
    submitted_at_text=_TEXT,
    submitted_at=_TIME,
    read_at_text=_TEXT,
    read_at=_TIME,
    has_time_without_zone=_TRUTH,
    has_unreadable_time=_TRUTH,
    actor_type=_TEXT,
    actor_id=_TEXT,
    actor_model=_TEXT,
    workflow_id=_TEXT,
    action=_TEXT,
    object=_TEXT,
    target_id=_TEXT,
    target_match=_TEXT,
    confidence=_REAL,
    source=_TEXT,
    rationale=_TEXT,
    causation_root=_TEXT,
    causation_parent=_TEXT,
    causation_depth=_WHOLE,
    causation_path=_TEXT,
    payload=_TEXT,
    extra=_TEXT,
)
"""Grain: a non-blank line of a batch file, or the one row (line_number 0) of an unreadable file."""

PROPOSAL_CHANGES = _schema(
    batch_key=_TEXT,
    proposal_key=_TEXT,
    change_id=_TEXT,
    ordinal=_WHOLE,
    is_action_row=_TRUTH,
    field_as_given=_TEXT,
    operation=_TEXT,
    new_value=_TEXT,
    has_seen_value=_TRUTH,
    seen_value=_TEXT,
)
"""Grain: a change of a readable line; ordinal 0 is the action as a whole."""

PROPOSAL_CITATIONS = _schema(
    batch_key=_TEXT,
    proposal_key=_TEXT,
    citation_ordinal=_WHOLE,
    evidence_id=_TEXT,
    quote=_TEXT,
    cited_offset=_TEXT,
)
"""Grain: a citation of a readable line, numbered from 1, repeats kept."""

CRM_RECORDS = _schema(
    object=_TEXT,
    record_id=_TEXT,
    fields=_TEXT,
    field_writers=_TEXT,
    history=_TEXT,
    created_at=_TIME,
    updated_at=_TIME,
    is_archived=_TRUTH,
    merged_into_id=_TEXT,
    extra=_TEXT,
)
"""Grain: a record; raw.crm_records without its snapshot hash."""

EVIDENCE_ITEMS = _schema(
    evidence_id=_TEXT,
    evidence_type=_TEXT,
    evidence_state=_TEXT,
    happened_at=_TIME,
    payload=_TEXT,
    is_duplicated_id=_TRUTH,
)
"""Grain: an item as given, repeats kept; raw.evidence_items without its evidence hash."""

REJECTED_ROWS = _schema(source_kind=_TEXT, file_name=_TEXT, row_number=_WHOLE, reasons=_TEXT)
"""Grain: a row that was refused; raw.rejected_rows without its content hash. Row 0 stands for the whole file."""


class TableBuilder:
    """Collects rows as tuples in the order of a schema and turns them into Arrow batches as it goes.

    `constants` are columns with one value for all rows; the tuples leave them out.
    """

    def __init__(self, schema: pa.Schema, constants: Mapping[str, str] | None = None) -> None:
        self.schema = schema
        # All batches share one array per constant: a batch key has 64 characters, and there are many rows.
        self._repeated = {name: pa.repeat(pa.scalar(value), _BATCH_ROWS) for name, value in (constants or {}).items()}
        self.row_count = 0
        self._rows: list[tuple[Any, ...]] = []
        self._batches: list[pa.RecordBatch] = []
        self._waiting_bytes = 0

    def add(self, row: tuple[Any, ...], *, size: int = 0) -> None:
        """Take one row; `size` is its rough weight in bytes, so that a batch of large rows stays small."""
        self._rows.append(row)
        self.row_count += 1
        self._waiting_bytes += size
        if len(self._rows) >= _BATCH_ROWS or self._waiting_bytes >= _BATCH_BYTES:
            self._flush()

    def table(self) -> pa.Table:
        """Return everything taken so far."""
        self._flush()
        return pa.Table.from_batches(self._batches, schema=self.schema)

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        arrays = [
            self._repeated[field.name].slice(0, len(self._rows))
            if field.name in self._repeated
            else pa.array(next(columns), type=field.type)
            for field in self.schema
        ]
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=self.schema))
        self._rows, self._waiting_bytes = [], 0
