"""The CSV files beside the page: read as published, written so that no spreadsheet takes a cell for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wb_pipeline.connectors.atomic import written_atomically
from wb_pipeline.home import Home

# A spreadsheet runs a cell that starts like this; a leading quote makes it text.
_FORMULA_START = ("=", "+", "@", "\t", "\r", "-")
_QUOTE = "'"

Row = dict[str, str]


def rows_folder(home: Home) -> Path:
    """Return where the rows of all figures lie."""
    return home.published / "reports"


def read_rows(home: Home, report: str) -> list[Row]:
    """Return the rows of a published report; none where it was not published yet."""
    path = rows_folder(home) / f"{report}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return [{name: _bare(cell or "") for name, cell in row.items() if name} for row in csv.DictReader(stream)]


def write_rows(home: Home, report: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write the rows of a figure; return the file."""
    path = rows_folder(home) / f"{report}.csv"
    with written_atomically(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([safe_cell(row[name]) for name in columns] for row in rows)
    return path


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
