"""Which files of a folder hold rows, and which of them are not even opened. Nothing is read here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.contract.reasons import Reason
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = frozenset({".jsonl", ".ndjson", ".json", ".parquet"})
MAX_FILES = 10_000
MAX_FILE_BYTES = 8 << 30


def data_files(root: Path) -> list[tuple[Path, str]]:
    """Return the files below a path whose rows are read, with their names below it."""
    return [(path, label) for path, label in listed_files(root) if not why_not_read(root, path, label)]


def listed_files(root: Path) -> list[tuple[Path, str]]:
    """Return every data file with its name below the path, sorted by that name; hidden files are left alone."""
    if root.is_file():
        return [(root, root.name)]
    if not root.is_dir():
        hint = "Name a folder of .jsonl, .json or .parquet files, or one such file."
        raise InputError(f"{root} does not exist.", hint=hint)
    found = ((path, path.relative_to(root)) for path in root.rglob("*") if path.suffix.lower() in SUFFIXES)
    files = [(path, name.as_posix()) for path, name in found if not _is_hidden(name) and not path.is_dir()]
    if len(files) > MAX_FILES:
        hint = "Put more rows into each file, or name a smaller folder."
        raise InputError(f"{root} holds {len(files)} data files; at most {MAX_FILES} are read.", hint=hint)
    return sorted(files, key=lambda file: file[1])


def why_not_read(root: Path, path: Path, label: str) -> Reason | None:
    """Return why a file is not even opened, if it is not: a link to elsewhere, a pipe, too large."""
    if root.is_dir() and not path.resolve().is_relative_to(root.resolve()):
        return Reason("outside_folder", "", f"{label} is a link to a place outside the folder. Copy the file into it.")
    if not path.is_file():
        return Reason("not_a_file", "", f"{label} is a broken link or no regular file. Remove it.")
    if path.stat().st_size > MAX_FILE_BYTES:
        return Reason("file_too_large", "", f"{label} is larger than {MAX_FILE_BYTES >> 30} GiB. Split it.")
    return None


def _is_hidden(name: Path) -> bool:
    return any(part.startswith(".") for part in name.parts)
