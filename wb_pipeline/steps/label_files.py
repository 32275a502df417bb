"""Labels handed in as a file: pairs of records and whether they are one. A file with a bad row is refused whole."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from wb_pipeline.contract.limits import ID_CHARACTERS
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

COLUMNS = ("object", "left_id", "right_id", "is_same")
OBJECTS = ("contact", "company")
MOST_LABELS = 1_000_000
_MOST_SHOWN = 10
_TRUTH = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_HINT = f"a label has {', '.join(COLUMNS)}; object is contact (also for leads) or company, is_same true or false"

Label = tuple[str, str, str, bool]
"""object, left_id, right_id, is_same; left_id < right_id."""


def read_labels(path: Path) -> list[Label]:
    """Return the labels of a CSV or Parquet file, each pair once, sorted; other columns do not count.

    Raises InputError naming the file, the row (the first after the header is 1) and the field of up to ten bad rows:
    half of a file would teach something else than its author meant.
    """
    found: dict[tuple[str, str, str], bool] = {}
    problems: list[str] = []
    for number, row in enumerate(_rows(path), start=1):
        if number > MOST_LABELS:
            raise InputError(f"{path.name} has more than {MOST_LABELS:,} labels", hint="hand in fewer")
        label, problem = _label(row)
        if label is not None and found.setdefault(label[:3], label[3]) != label[3]:
            problem = "is_same: the same pair stands in the file with the other answer"
        if problem:
            problems.append(f"{path.name}, row {number}, {problem}")
        if len(problems) >= _MOST_SHOWN:
            break
    if problems:
        raise InputError("the labels cannot be used:\n  " + "\n  ".join(problems), hint=_HINT)
    return [(*key, is_same) for key, is_same in sorted(found.items())]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        yield from _parquet_rows(path) if path.suffix.lower() == ".parquet" else _csv_rows(path)
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"{path.name} cannot be read as labels: {error}", hint=_HINT) from error


def _csv_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        _require_columns(path, reader.fieldnames or ())
        yield from reader


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        _require_columns(path, file.schema_arrow.names)
        for batch in file.iter_batches(columns=list(COLUMNS)):
            yield from batch.to_pylist()


def _require_columns(path: Path, names: Iterable[str]) -> None:
    missing = [name for name in COLUMNS if name not in set(names)]
    if missing:
        raise InputError(f"{path.name} has no column {', '.join(missing)}", hint=_HINT)


def _label(row: dict[str, Any]) -> tuple[Label | None, str]:
    """Return the label, or what is wrong with which field. What was given is shown as text, cut."""
    if row["object"] not in OBJECTS:
        return None, f"object: {_shown(row['object'])} is not {' or '.join(OBJECTS)}"
    for name in ("left_id", "right_id"):
        value = row[name]
        if not isinstance(value, str) or not value.strip() or len(value) > ID_CHARACTERS:
            return None, f"{name}: {_shown(value)} is no id of a record"
    if row["left_id"] == row["right_id"]:
        return None, "right_id: it is the same record as left_id"
    truth = row["is_same"] if isinstance(row["is_same"], bool) else _TRUTH.get(str(row["is_same"]).strip().lower())
    if truth is None:
        return None, f"is_same: {_shown(row['is_same'])} is neither true nor false"
    left, right = sorted((row["left_id"], row["right_id"]))
    return (row["object"], left, right, truth), ""


def _shown(value: object) -> str:
    return repr(value)[:60]
