"""Bytes as a file that was opened: its rows in short, or why it cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wb_pipeline.contract.read import open_rows


def rows(path: Path, data: bytes, **options: Any) -> list[tuple[int, Any, str | None]]:
    """Return (number, mapping, problem code) of each row."""
    path = path / "input.bin"
    path.write_bytes(data)
    source = open_rows(path, **options)
    assert source.is_readable, source.problem
    return [(row.number, row.mapping, row.problem.code if row.problem else None) for row in source.rows]


def complaint(path: Path, data: bytes) -> str:
    """Return why a file of these bytes is unreadable."""
    path = path / "input.bin"
    path.write_bytes(data)
    source = open_rows(path, file_name="march.jsonl")
    assert not source.is_readable
    assert list(source.rows) == []
    assert source.problem is not None
    assert "march.jsonl" in source.problem.message
    return source.problem.message
