"""The file `ledger.head` beside the ledger: how far the chain had come, so that a cut tail is noticed.

It is written after each commit and may therefore be older than the chain (a crash in between), never newer. It is
written once more before the ledger is made, so that a missing file is always a finding.
"""

from __future__ import annotations

import re
from pathlib import Path

from filelock import FileLock

from wb_pipeline.errors import AuditError
from wb_pipeline.ledger.chain import Head
from wb_pipeline.ledger.durable import replace_text

FILE_NAME = "ledger.head"
_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64})\n")
_MOST_BYTES = 1_000


def read_head(path: Path) -> Head | None:
    """Return the head that a file names, None if there is no file. Raises AuditError if it cannot be read."""
    try:
        with path.open("rb") as stream:
            text = stream.read(_MOST_BYTES).decode("ascii")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise AuditError(f"{path.name} cannot be read: {error}") from error
    found = _LINE.fullmatch(text)
    if found is None:
        raise AuditError(f"{path.name} does not hold a sequence and a hash")
    return Head(int(found[1]), found[2])


def advance_head(path: Path, head: Head) -> None:
    """Write `head` unless the file is already there or further on (two processes may finish in either order)."""
    with FileLock(path.with_name(path.name + ".lock")):
        known = read_head(path)
        if known is None or known.sequence < head.sequence:
            replace_text(path, f"{head.sequence} {head.event_hash}\n")
