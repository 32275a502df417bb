"""The rows behind figures as CSV: read as published, written so that no spreadsheet takes a cell for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wb_pipeline.home import Home

# A spreadsheet runs a cell that starts like this; a leading quote makes it text.
_FORMULA_START = ("=", "+", "@", "\t", "\r", "-")
_QUOTE = "'"

Row = dict[str, str]


def published_file(home: Home, report: str) -> Path:
    """Return where a run publishes the rows of a report."""
    return home.published / "reports" / f"{report}.csv"


def read_rows(home: Home, report: str) -> list[Row]:
    """Return the rows of a published report; none where it was not published yet."""
    path = published_file(home, report)
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return [{name: _bare(cell or "") for name, cell in row.items() if name} for row in csv.DictReader(stream)]


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as the text of a CSV file."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(row[name]) for name in columns] for row in rows)
    return stream.getvalue()


def safe_cell(value: object) -> str:
    """Return a value as the text of a cell that stays text: numbers as they are, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"{_QUOTE}{text}" if text.startswith(_FORMULA_START) else text


def whole(cell: str) -> int:
    """Return a cell as a whole number; an empty one is 0."""
    return int(float(cell or 0))


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith(_QUOTE) and cell[1:].startswith(_FORMULA_START) else cell
