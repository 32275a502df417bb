"""Any input file to numbered rows: JSON Lines, JSON array or Parquet, told by content. No meaning of keys here."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from wb_pipeline.contract.json_text import JsonReader
from wb_pipeline.contract.limits import DEFAULT_LIMITS
from wb_pipeline.contract.read_array import read_array_rows
from wb_pipeline.contract.read_lines import read_line_rows
from wb_pipeline.contract.read_parquet import NestedColumns, ParquetRefusedError, read_parquet_rows
from wb_pipeline.contract.reasons import Reason
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from wb_pipeline.contract.limits import Limits
    from wb_pipeline.contract.rows import Row

FileFormat = Literal["jsonl", "json", "parquet"]

_HEAD_BYTES = 1 << 16
_UTF8_BOM = b"\xef\xbb\xbf"
_PARQUET_MARK = b"PAR1"
_JSON_START = re.compile(rb'(\xef\xbb\xbf)?\s*(\[\s*)?\{\s*["}]')
_OTHER_MARKS = {
    b"\xff\xfe": "it is saved as UTF-16",
    b"\xfe\xff": "it is saved as UTF-16",
    b"\x1f\x8b": "it is compressed with gzip",
    b"PK\x03\x04": "it is a zip archive or a spreadsheet",
}


@dataclass(frozen=True)
class RowSource:
    """A file that was opened: its format, and its rows; or the one problem that makes it unreadable as a whole."""

    file_format: FileFormat
    rows: Iterable[Row]
    """Read once, in the order of the file. Empty where the file is unreadable."""

    problem: Reason | None = None

    @property
    def is_readable(self) -> bool:
        """Whether there are rows to look at (none at all, in an empty file)."""
        return self.problem is None


def open_rows(
    path: Path,
    *,
    file_name: str = "",
    nested: Collection[str] = (),
    may_be_nested: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> RowSource:
    """Return the rows of a file of unknown format and unknown good will (CON-2, CON-7).

    `file_name` is what messages call the file. `nested` names the Parquet columns whose text is JSON;
    `may_be_nested` those whose text is JSON if it is a whole object or list, else plain text.
    Raises InputError only where the file cannot be opened; whatever it holds becomes rows or a problem.
    """
    name, head = file_name or path.name, _head(path)
    reader = JsonReader(limits)
    if head.startswith(_PARQUET_MARK):
        return _parquet(path, name, reader, NestedColumns(frozenset(nested), frozenset(may_be_nested)))
    if complaint := _binary_complaint(head):
        return _unreadable("jsonl", name, complaint)
    if _is_array(head):
        return RowSource("json", read_array_rows(path, reader))
    return RowSource("jsonl", read_line_rows(path, reader))


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except OSError as error:
        message = f"{path.name} cannot be opened: {error.strerror or error}."
        raise InputError(message, hint="Check the path and its permissions.") from error


def _parquet(path: Path, name: str, reader: JsonReader, nested: NestedColumns) -> RowSource:
    try:
        return RowSource("parquet", read_parquet_rows(path, reader, nested))
    except ParquetRefusedError as error:
        return _unreadable("parquet", name, f"it begins like Parquet but cannot be read ({error})")


def _unreadable(file_format: FileFormat, name: str, complaint: str) -> RowSource:
    message = f"{name} cannot be read: {complaint}. Send JSON Lines or a JSON array in UTF-8, or Parquet."
    return RowSource(file_format, (), Reason("unreadable_file", "", message))


def _binary_complaint(head: bytes) -> str:
    """Return why the file is no text at all, or "". One good row in a file full of rubbish makes it a text file."""
    for mark, complaint in _OTHER_MARKS.items():
        if head.startswith(mark):
            return complaint
    is_text = b"\0" not in head and _is_utf8_start(head)
    if is_text or _JSON_START.match(head) or any(_is_json_object(line) for line in head.splitlines()):
        return ""
    return "it holds binary data, not text"


def _is_utf8_start(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # A character cut in two by the end of the head is no fault.
        return len(head) == _HEAD_BYTES and error.start >= len(head) - 3
    return True


def _is_json_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line.decode("utf-8", "replace").strip(" ,\t\r")), dict)
    except (ValueError, RecursionError):
        return False


def _is_array(head: bytes) -> bool:
    """Return whether the text is one array, and not JSON Lines whose first line merely begins with a bracket."""
    lines = [line.strip() for line in head.removeprefix(_UTF8_BOM).splitlines() if line.strip()]
    if not lines or not lines[0].startswith(b"["):
        return False
    goes_on_with_object = len(lines) > 1 and lines[1].startswith(b"{")
    return lines[0] == b"[" or not goes_on_with_object or lines[0].endswith(b",")
