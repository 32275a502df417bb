"""Input files kept for good: an immutable copy named by the hash of its own bytes. Nothing is parsed here."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wb_pipeline.canonical import file_hash
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.ledger.durable import TEMPORARY_SUFFIX, move_into_place

MOST_BYTES = 2 << 30
_PIECE_BYTES = 1 << 20
_SUFFIX = re.compile(r"\.[a-z0-9]{1,16}")


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A copy in the archive: `content_hash` is the SHA-256 of the bytes at `path`."""

    content_hash: str
    path: Path


def archive_file(path: Path, folder: Path, suffix: str, *, most_bytes: int = MOST_BYTES) -> ArchivedFile:
    """Copy a file to `<folder>/<content hash><suffix>`, durably and at once; an existing copy is checked and kept.

    The source may change meanwhile: the name is the hash of the bytes that were copied. Raises InputError for anything
    but a regular file, for more than `most_bytes`, for a full disk; AuditError if the existing copy is not what its
    name says.
    """
    if not _SUFFIX.fullmatch(suffix):
        raise InputError(f"{suffix!r} is not a file ending", hint="use .jsonl, .json, .parquet or .yaml")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _open_regular(path) as source:
            content_hash, temporary = _copy(source, path, folder, most_bytes)
        try:
            return ArchivedFile(content_hash, _keep(temporary, folder / f"{content_hash}{suffix}", content_hash))
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path} cannot be archived: {error.strerror}", hint=_way_out(error)) from error


def _open_regular(path: Path) -> BinaryIO:
    """Open without following a link and without waiting for a pipe; what was opened is checked, not its name."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise InputError(f"{path} is not a regular file", hint="give a file, not a folder, pipe or device")
    return os.fdopen(handle, "rb")


def _copy(source: BinaryIO, path: Path, folder: Path, most_bytes: int) -> tuple[str, Path]:
    """Copy to a flushed temporary file of `folder`; return the hash of what was copied and the file."""
    digest = hashlib.sha256()
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=TEMPORARY_SUFFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as copy:
            while piece := source.read(_PIECE_BYTES):
                digest.update(piece)
                copy.write(piece)
                if copy.tell() > most_bytes:
                    raise InputError(f"{path} is larger than {most_bytes:,} bytes", hint="split it")  # noqa: TRY301 - the cleanup below must see it
            copy.flush()
            os.fsync(copy.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return digest.hexdigest(), temporary


def _keep(temporary: Path, final: Path, content_hash: str) -> Path:
    if not os.path.lexists(final):
        move_into_place(temporary, final)
    elif final.is_symlink() or not final.is_file() or file_hash(final) != content_hash:
        raise AuditError(f"{final.name} in the archive is not what its name says", hint="run `wb audit verify`")
    return final


def _way_out(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "it is a symbolic link: give the file itself"
    return "make room on the disk" if error.errno == errno.ENOSPC else "check that it exists and may be read"
