"""Parquet to rows: nested parts are JSON text in their columns, empty cells are keys left out. No other format."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from wb_pipeline.contract.limits import ID_CHARACTERS
from wb_pipeline.contract.read_lines import too_large
from wb_pipeline.contract.reasons import Reason
from wb_pipeline.contract.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wb_pipeline.contract.json_text import JsonReader

_BATCH_BYTES = 64 << 20
_BATCH_ROWS = 4096
_EXACT_BELOW = 2**53


class NestedColumns(NamedTuple):
    """Which columns hold JSON text: always, or only where the text is a whole object or list."""

    always: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()


class ParquetRefusedError(Exception):
    """The file has the mark of Parquet, but cannot be read or states impossible sizes. The message says which."""


def read_parquet_rows(path: Path, reader: JsonReader, nested: NestedColumns) -> Iterator[Row]:
    """Yield a row per Parquet row; text in the `nested` columns is read as JSON.

    Raises ParquetRefusedError before the first row if the file as a whole cannot be read. Rows behind a damaged place
    become one row with a problem that says how many they are.
    """
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ParquetRefusedError(_short(error)) from error
    try:
        _check_sizes(file, reader)
    except ParquetRefusedError:
        file.close()
        raise
    return _rows(file, reader, nested)


def _check_sizes(file: pq.ParquetFile, reader: JsonReader) -> None:
    metadata = file.metadata
    names = file.schema_arrow.names
    if not 0 < len(names) <= reader.limits.max_keys:
        raise ParquetRefusedError(f"it has {len(names)} columns, from 1 to {reader.limits.max_keys} are read")
    if len(max(names, key=len)) > reader.limits.max_key_characters:
        raise ParquetRefusedError(f"a column's name is longer than {reader.limits.max_key_characters} characters")
    if len(set(names)) < len(names):
        raise ParquetRefusedError("two of its columns have one name")
    if _stated_bytes(file) > reader.limits.max_parquet_bytes or metadata.num_rows < 0:
        raise ParquetRefusedError(f"it unpacks to more than {reader.limits.max_parquet_bytes:,} bytes")


def _stated_bytes(file: pq.ParquetFile) -> int:
    metadata = file.metadata
    return sum(int(metadata.row_group(index).total_byte_size) for index in range(metadata.num_row_groups))


def _rows(file: pq.ParquetFile, reader: JsonReader, nested: NestedColumns) -> Iterator[Row]:
    total, number = file.metadata.num_rows, 0
    row_bytes = max(1, _stated_bytes(file) // max(1, total))
    with file:
        try:
            for batch in file.iter_batches(batch_size=min(_BATCH_ROWS, max(1, _BATCH_BYTES // row_bytes))):
                names = batch.schema.names
                for cells in zip(*(_cells(column) for column in batch.columns), strict=True):
                    number += 1
                    yield _row(number, dict(zip(names, cells, strict=True)), reader, nested)
        except (pa.ArrowException, OSError, ValueError) as error:
            message = f"Rows {number + 1} to {total} are damaged ({_short(error)}). Write the file again."
            yield Row(number + 1, None, Reason("damaged", "", message), "", 0)


def _cells(column: pa.Array[Any]) -> list[Any]:
    """Return a column's values; a value that is no valid text comes as its bytes."""
    try:
        return column.to_pylist()  # type: ignore[no-any-return]  # (pyarrow has no types)
    except (UnicodeDecodeError, OverflowError, ValueError):
        return [_cell(value) for value in column]


def _cell(value: pa.Scalar[Any]) -> Any:
    try:
        return value.as_py()
    except (UnicodeDecodeError, OverflowError, ValueError):
        return value.as_buffer().to_pybytes() if hasattr(value, "as_buffer") else math.nan


def _row(number: int, cells: dict[str, Any], reader: JsonReader, nested: NestedColumns) -> Row:
    """Return one row: cells made JSON values, nested text read. The first problem found stands for the row."""
    size = sum(len(value) for value in cells.values() if isinstance(value, str | bytes))
    if size > reader.limits.max_line_bytes:
        shown = str({name: str(value)[:80] for name, value in cells.items() if value is not None})
        shown = shown[: reader.limits.raw_text_characters]
        return Row(number, _named(cells), too_large(size, reader.limits.max_line_bytes), shown, size)
    mapping: dict[str, Any] = {}
    problem = None
    for name, cell in cells.items():
        if cell is None:
            continue
        value, found = _value(name, cell, reader, nested)
        problem = problem or found
        mapping[name] = value
    text = json.dumps(mapping, ensure_ascii=False, default=str)[: reader.limits.raw_text_characters]
    return Row(number, mapping, problem, text.encode("utf-8", "replace").decode(), max(size, 1))


def _named(cells: dict[str, Any]) -> dict[str, Any]:
    """Return the short texts of a row that is too large: enough to name it."""
    return {name: value for name, value in cells.items() if isinstance(value, str) and len(value) <= ID_CHARACTERS}


def _value(name: str, cell: Any, reader: JsonReader, nested: NestedColumns) -> tuple[Any, Reason | None]:
    value, problem = _plain(name, cell)
    if isinstance(value, str):
        if name not in nested.always and not (name in nested.maybe and value.lstrip()[:1] in {"{", "["}):
            return value, None
        parsed = reader.read(value)
    elif isinstance(value, dict | list):
        # A column that is nested in Parquet itself meets the same bounds as JSON text.
        parsed = reader.read(json.dumps(value, default=_iso, ensure_ascii=False))
    else:
        return value, problem
    if parsed.problem and name in nested.maybe:
        return value, None
    if parsed.problem:
        problem = Reason(parsed.problem.code, name, f"In the column {name}: {parsed.problem.message}")
    return parsed.value, problem


def _plain(name: str, cell: Any) -> tuple[Any, Reason | None]:
    """Return a cell as what JSON knows: text, number, truth, object or list."""
    if isinstance(cell, bytes):
        try:
            return cell.decode(), None
        except UnicodeDecodeError:
            return None, Reason("not_unicode", name, f"The column {name} holds bytes that are not UTF-8. Write text.")
    if isinstance(cell, decimal.Decimal):
        cell = float(cell)
    if isinstance(cell, float):
        return _plain_number(name, cell)
    if isinstance(cell, str | int | bool | dict | list):
        return cell, None
    return _iso(cell), None


def _plain_number(name: str, number: float) -> tuple[float, Reason | None]:
    """Return a number as JSON would have it: 91 and not 91.0, so that both formats have one content hash."""
    if not math.isfinite(number):
        message = f"The column {name} holds NaN or infinity. Send a finite number, or an empty cell."
        return number, Reason("not_finite", name, message)
    return (int(number) if number.is_integer() and abs(number) < _EXACT_BELOW else number), None


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
