"""Small honest documents of the contract, to be changed by the test that needs them otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wb_pipeline.contract.parse import ParsedBatch, parse_batch

BATCH_KEY = "ab" * 32


def proposal(**changes: Any) -> dict[str, Any]:
    """Return a valid update; keys given as None are left out."""
    made = {
        "proposal_id": "p-1",
        "batch_id": "spring",
        "submitted_at": "2026-03-02T09:00:00Z",
        "actor": {"type": "ai_agent", "id": "agent-1", "model": "m-1"},
        "action": "update",
        "object": "contact",
        "target": {"id": "con-17"},
        "changes": [{"field": "title", "op": "set", "value": "VP IT", "seen": "Head of IT"}],
        "confidence": 91,
        "source": "linkedin",
        "evidence": [{"ref": "ev-55"}],
        "rationale": "profile shows a new title",
    } | changes
    return {key: value for key, value in made.items() if value is not None}


def create(**changes: Any) -> dict[str, Any]:
    """Return a valid create."""
    wanted = {"action": "create", "target": None, "changes": None, "payload": {"email": "ana@northwind.example"}}
    return proposal(**(wanted | changes))


def record(**changes: Any) -> dict[str, Any]:
    """Return a valid CRM record."""
    return {
        "object": "contact",
        "id": "con-17",
        "fields": {"first_name": "Ana", "shoe_size": 38},
        "meta": {"title": {"by": "user:u-2", "at": "2026-02-11T12:04:00+02:00"}},
        "created_at": "2025-04-01T08:00:00Z",
        "updated_at": "2026-02-11T10:04:00Z",
        "archived": False,
        "merged_into": None,
        "history": [{"field": "title", "old": "IT", "new": "VP", "by": "user:u-2", "at": "2026-02-11T10:04:00Z"}],
    } | changes


def write_lines(path: Path, *lines: dict[str, Any] | str | bytes) -> Path:
    """Write one line per document, text or bytes, and return the path."""
    raw = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    path.write_bytes(b"\n".join(raw) + b"\n")
    return path


def parse(path: Path, *lines: dict[str, Any] | str | bytes, **options: Any) -> ParsedBatch:
    """Parse a batch of these lines, written below the folder `path`."""
    return parse_batch(write_lines(path / "batch.jsonl", *lines), batch_key=BATCH_KEY, file_name="b", **options)


def reasons(batch: ParsedBatch, row: int = 0) -> list[tuple[str, str]]:
    """Return (code, field) of each reason of a line."""
    found = json.loads(batch.lines.column("quarantine_reasons")[row].as_py())
    assert all(reason["message"] for reason in found)
    return [(reason["code"], reason["field"]) for reason in found]


def line(batch: ParsedBatch, row: int = 0) -> dict[str, Any]:
    """Return one line of a batch."""
    found: dict[str, Any] = batch.lines.slice(row, 1).to_pylist()[0]
    return found


def changes(batch: ParsedBatch) -> list[tuple[Any, ...]]:
    """Return the rows of the changes, without keys."""
    return [
        (row["ordinal"], row["is_action_row"], row["field_as_given"], row["operation"], row["new_value"])
        for row in batch.changes.to_pylist()
    ]


def is_kept(batch: ParsedBatch) -> list[bool]:
    """Return for each line whether it is readable."""
    kept: list[bool] = batch.lines.column("is_readable").to_pylist()
    return kept
