"""The tables that are written: their columns, and rows turned into Arrow. Grain and meaning stand at each schema."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

CHUNK_ROWS = 50_000
_TEXTS = pa.list_(pa.string())


def _texts(names: str) -> list[pa.Field]:
    return [pa.field(name, pa.string()) for name in names.split()]


def _needed(kind: pa.DataType, names: str) -> list[pa.Field]:
    return [pa.field(name, kind, nullable=False) for name in names.split()]


CRM_COMPANIES = pa.schema(
    [
        *_needed(pa.string(), "company_id name"),
        *_texts("domain phone street city region postal_code country industry"),
        pa.field("employees", pa.int64()),
        *_needed(pa.int64(), "created_at updated_at"),
    ]
)
"""One row per company record. Times are seconds since 1970 in UTC."""

CRM_CONTACTS = pa.schema(
    [
        *_needed(pa.string(), "contact_id"),
        *_texts("first_name last_name email phone mobile job_title city country linkedin_url company_name company_id"),
        *_needed(pa.int64(), "created_at updated_at"),
    ]
)
"""One row per contact record. Times are seconds since 1970 in UTC."""

TRUTH_COMPANIES = pa.schema(
    [
        *_needed(pa.string(), "company_id entity_id"),
        *_needed(pa.bool_(), "is_primary"),
        *_needed(_TEXTS, "variants"),
        *_needed(pa.string(), "true_domain"),
        *_needed(_TEXTS, "hn_types"),
        *_texts("parent_entity"),
    ]
)
"""One row per company record: equal `entity_id` means the same firm; `hn_types` are its look-alike groups."""

TRUTH_CONTACTS = pa.schema(
    [
        *_needed(pa.string(), "contact_id entity_id"),
        *_needed(pa.bool_(), "is_primary"),
        *_needed(_TEXTS, "variants"),
        *_needed(pa.string(), "t_company_entity t_first t_last"),
        *_needed(_TEXTS, "hn_types"),
    ]
)
"""One row per contact record: equal `entity_id` means the same person; `t_` columns are true values."""

PROPOSALS = pa.schema(
    [
        *_needed(pa.string(), "proposal_id kind"),
        *_texts("first_name last_name email phone mobile job_title linkedin_url company_name"),
        *_texts("name domain street city region postal_code country industry"),
        pa.field("employees", pa.int64()),
        *_needed(pa.string(), "source"),
        *_texts("ai_target_id"),
    ]
)
"""One row per proposal of an agent: about a contact or a company (`kind`)."""

TRUTH_PROPOSALS = pa.schema(
    [
        *_needed(pa.string(), "proposal_id kind true_entity_id"),
        *_needed(pa.bool_(), "in_crm"),
        *_needed(_TEXTS, "true_record_ids"),
        *_needed(pa.string(), "case_type"),
        *_needed(_TEXTS, "variants"),
        *_needed(pa.bool_(), "ambiguous"),
        *_needed(_TEXTS, "trap_record_ids"),
        *_needed(pa.bool_(), "ai_target_wrong"),
        *_needed(_TEXTS, "hn_types"),
    ]
)
"""One row per proposal: which records it is about (none if new), and which ones only look like it (traps)."""

LOOKALIKE_GROUPS = pa.schema([*_needed(pa.int64(), "group_id"), *_needed(pa.string(), "entity_id hn_type")])
"""One row per member of a group of different entities that look alike."""


class Collector:
    """Gathers rows into a table, in chunks so that no more than one chunk of Python objects is kept."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows: list[Sequence[Any]] = []
        self._chunks: list[pa.Table] = []
        self.count = 0

    def add(self, row: Sequence[Any]) -> None:
        """Take one row, its values in the order of the schema."""
        self._rows.append(row)
        self.count += 1
        if len(self._rows) == CHUNK_ROWS:
            self._flush()

    def table(self) -> pa.Table:
        """Return all rows."""
        self._flush()
        return pa.concat_tables(self._chunks) if self._chunks else self._schema.empty_table()

    def _flush(self) -> None:
        if self._rows:
            self._chunks.append(table_of(self._schema, self._rows))
            self._rows = []


def table_of(schema: pa.Schema, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Return rows, each a sequence in the order of the schema, as a table."""
    columns = list(zip(*rows, strict=True)) or [() for _ in schema]
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)


def write_table(folder: Path, name: str, table: pa.Table) -> int:
    """Write `<name>.parquet` and return its number of rows. The same table gives the same bytes."""
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd", row_group_size=250_000)
    return int(table.num_rows)
