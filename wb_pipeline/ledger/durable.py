"""Files that survive a crash: flush to disk, atomic replacement. What is written is decided elsewhere."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

TEMPORARY_SUFFIX = ".tmp"
READ_ONLY = 0o440


def flush_file(path: Path) -> None:
    """Force a file's bytes to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """Force a folder's names to disk, so that a rename in it survives a power cut."""
    flush_file(folder)


def move_into_place(temporary: Path, final: Path) -> None:
    """Give a flushed file of the same folder its final name, read-only, and flush the name."""
    temporary.chmod(READ_ONLY)
    temporary.replace(final)
    flush_folder(final.parent)


def replace_text(path: Path, text: str) -> None:
    """Replace a small text file at once: a reader or a crash sees the old text or the new one, never a part."""
    replace_bytes(path, text.encode("utf-8"))


def replace_bytes(path: Path, content: bytes) -> None:
    """Replace a file at once, as `replace_text` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=TEMPORARY_SUFFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
