"""Sheets as CSV and XLSX files: written so that nothing in them is a formula, read with limits. No meaning of cells.

What is read is bounded before it is unpacked or parsed: bytes of the file, of what it unpacks to, rows, cells.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.durable import replace_bytes
from wb_pipeline.review.sheet import COLUMNS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = {
    "old_value": 30,
    "new_value": 30,
    "why": 40,
    "words": 30,
    "edited_value": 30,
    "candidates": 40,
    "rationale": 30,
}
_HEADER_ROWS = 1


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """How large a sheet that comes back may be."""

    file_bytes: int = 20_000_000
    unpacked_bytes: int = 60_000_000
    parts: int = 200
    rows: int = 20_000
    cell_characters: int = 40_000


def write_csv(path: Path, rows: Iterable[list[str]]) -> None:
    """Write rows as CSV that spreadsheets read as UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    replace_bytes(path, text.getvalue().encode("utf-8-sig"))


def write_xlsx(path: Path, rows: Iterable[list[str]]) -> None:
    """Write rows as a workbook with one sheet of text cells."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Worksheet = book.active
    sheet.title = "review"
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            # Set as text by force: whatever it begins with, it is no formula, number or date.
            cell.value, cell.data_type, cell.number_format = value, "s", "@"
    sheet.freeze_panes = "B2"
    for place, name in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place)].width = _WIDTHS.get(name, 16)
    content = io.BytesIO()
    book.save(content)
    book.close()
    replace_bytes(path, content.getvalue())


def read_sheet(path: Path, limits: SheetLimits | None = None) -> list[list[Any]]:
    """Return the rows of a CSV or XLSX file, told apart by content; the header is the first.

    Raises InputError for a file that is too large, is neither, or holds a formula.
    """
    bounds = limits or SheetLimits()
    content = _bounded(path, bounds)
    rows = _xlsx_rows(path, content, bounds) if content.startswith(b"PK\x03\x04") else _csv_rows(path, content)
    if len(rows) > bounds.rows + _HEADER_ROWS:
        raise InputError(f"{path.name} has more than {bounds.rows:,} rows", hint="decide in several files")
    for number, row in enumerate(rows, start=1):
        if any(len(str(cell)) > bounds.cell_characters for cell in row):
            raise InputError(f"{path.name}, row {number}: a cell is longer than {bounds.cell_characters:,} characters")
    return rows


def _bounded(path: Path, bounds: SheetLimits) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(bounds.file_bytes + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(content) > bounds.file_bytes:
        raise InputError(f"{path.name} is larger than {bounds.file_bytes:,} bytes", hint="decide in several files")
    return content


def _csv_rows(path: Path, content: bytes) -> list[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is neither UTF-8 text nor a workbook", hint="save it as CSV UTF-8") from None
    first = text.partition("\n")[0]
    # Where a comma parts decimals, spreadsheets part cells by semicolons.
    delimiter = max((",", ";", "\t"), key=first.count)
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if any(row)]
    except csv.Error as error:
        raise InputError(f"{path.name} cannot be read as CSV: {error}") from None


def _xlsx_rows(path: Path, content: bytes, bounds: SheetLimits) -> list[list[Any]]:
    import openpyxl

    _refuse_bomb(path, content, bounds)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    except Exception as error:
        raise InputError(f"{path.name} cannot be read as a workbook: {type(error).__name__}") from error
    try:
        sheet: Worksheet = book.worksheets[0]
        if sheet.max_row > bounds.rows + _HEADER_ROWS or sheet.max_column > 2 * len(COLUMNS):
            raise InputError(f"{path.name} has too many rows or columns", hint=f"at most {bounds.rows:,} rows")
        return [found for row in sheet.iter_rows() if any(found := [_value(path, cell) for cell in row])]
    finally:
        book.close()


def _value(path: Path, cell: Any) -> Any:
    if cell.data_type == "f":
        raise InputError(f"{path.name}, cell {cell.coordinate}: it holds a formula", hint="write values only")
    return cell.value


def _refuse_bomb(path: Path, content: bytes, bounds: SheetLimits) -> None:
    """Look at what the archive says it unpacks to (it cannot be more), then for what grows once it is understood."""
    hint = "export it anew and decide in that"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > bounds.parts or sum(part.file_size for part in parts) > bounds.unpacked_bytes:
                raise InputError(f"{path.name} unpacks to more than a queue needs", hint=hint)
            for part in parts:
                if _grows(archive.read(part)):
                    message = f"{path.name} has merged cells, or a document type of its own"
                    raise InputError(message, hint=hint)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        raise InputError(f"{path.name} is a damaged workbook") from None


def _grows(xml: bytes) -> bool:
    """Say whether a part may become far larger than it is: one merged range fills a sheet, entities multiply."""
    # A zero byte between letters is UTF-16.
    plain = xml.replace(b"\x00", b"")
    return b"mergeCell" in plain or b"<!DOCTYPE" in plain
