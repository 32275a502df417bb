"""Writes the CRM in the contract's form (its section 1), so that the road can read it. No truth is written here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

_RENAMED = {"job_title": "title"}
COMPANY_FIELDS = (
    "name", "domain", "phone", "street", "city", "region", "postal_code", "country", "industry",
)  # fmt: skip
CONTACT_FIELDS = (
    "first_name", "last_name", "email", "phone", "mobile", "job_title", "city", "country", "linkedin_url",
    "company_name",
)  # fmt: skip
_RANGES = ((10, "1-10"), (50, "11-50"), (200, "51-200"), (500, "201-500"), (1000, "501-1000"), (5000, "1001-5000"))
_LARGEST_RANGE = "5001+"


def write_crm_records(folder: Path, companies: pa.Table, contacts: pa.Table) -> dict[str, int]:
    """Write `companies.jsonl` and `contacts.jsonl`, one record a line; return how many lines each has."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "crm/companies.jsonl": write_lines(folder / "companies.jsonl", map(_company, table_rows(companies))),
        "crm/contacts.jsonl": write_lines(folder / "contacts.jsonl", map(_contact, table_rows(contacts))),
    }


def table_rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table, without making all of them at once."""
    for batch in table.to_batches(max_chunksize=20_000):
        yield from batch.to_pylist()


def write_lines(path: Path, records: Iterator[dict[str, Any]]) -> int:
    """Write one JSON object a line; return how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for record in records:
            lines.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def contract_fields(row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the named columns that have a value, as the contract calls them."""
    fields = {_RENAMED.get(name, name): row[name] for name in names if row.get(name) is not None}
    if row.get("employees") is not None:
        fields["employee_range"] = _range(row["employees"])
    return fields


def _company(row: dict[str, Any]) -> dict[str, Any]:
    return _record("company", row["company_id"], row, COMPANY_FIELDS)


def _contact(row: dict[str, Any]) -> dict[str, Any]:
    return _record("contact", row["contact_id"], row, (*CONTACT_FIELDS, "company_id"))


def _record(object_name: str, record_id: str, row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {
        "object": object_name,
        "id": record_id,
        "fields": contract_fields(row, names),
        "created_at": _time(row["created_at"]),
        "updated_at": _time(row["updated_at"]),
        "archived": False,
    }


def _range(employees: int) -> str:
    return next((text for most, text in _RANGES if employees <= most), _LARGEST_RANGE)


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
