"""Writes the CRM in the contract's form (its section 1), so that the road can read it. No truth is written here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

_RENAMED = {"job_title": "title"}
_NOT_FIELDS = frozenset({"company_id", "contact_id", "created_at", "updated_at", "employees"})
_RANGES = ((10, "1-10"), (50, "11-50"), (200, "51-200"), (500, "201-500"), (1000, "501-1000"), (5000, "1001-5000"))
_LARGEST_RANGE = "5001+"


def write_crm_records(folder: Path, companies: pa.Table, contacts: pa.Table) -> dict[str, int]:
    """Write `companies.jsonl` and `contacts.jsonl`, one record a line; return how many lines each has."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "crm/companies.jsonl": _write(folder / "companies.jsonl", map(_company, _rows(companies))),
        "crm/contacts.jsonl": _write(folder / "contacts.jsonl", map(_contact, _rows(contacts))),
    }


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=20_000):
        yield from batch.to_pylist()


def _write(path: Path, records: Iterator[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for record in records:
            lines.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def _company(row: dict[str, Any]) -> dict[str, Any]:
    record = _record("company", row["company_id"], row)
    if row["employees"] is not None:
        record["fields"]["employee_range"] = _range(row["employees"])
    return record


def _contact(row: dict[str, Any]) -> dict[str, Any]:
    record = _record("contact", row["contact_id"], row)
    if row["company_id"] is not None:
        record["fields"]["company_id"] = row["company_id"]
    return record


def _record(object_name: str, record_id: str, row: dict[str, Any]) -> dict[str, Any]:
    fields = {
        _RENAMED.get(name, name): value for name, value in row.items() if value is not None and name not in _NOT_FIELDS
    }
    return {
        "object": object_name,
        "id": record_id,
        "fields": fields,
        "created_at": _time(row["created_at"]),
        "updated_at": _time(row["updated_at"]),
        "archived": False,
    }


def _range(employees: int) -> str:
    return next((text for most, text in _RANGES if employees <= most), _LARGEST_RANGE)


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
