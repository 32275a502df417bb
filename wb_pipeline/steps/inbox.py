"""The inbox: files that agents drop are archived and leave it; which batches wait. No run starts here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.errors import WbError
from wb_pipeline.ledger.kinds import BatchReceived
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.steps.intake import receive_batch

if TYPE_CHECKING:
    from pathlib import Path

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger

_ENDINGS = {".jsonl", ".ndjson", ".json", ".parquet"}


def empty_inbox(home: Home, ledger: Ledger, *, most: int) -> list[str]:
    """Archive up to `most` files of the inbox; return a line for each one that was refused.

    A file is to be written under another ending or a leading dot and renamed when whole: such names are left alone.
    An archived file leaves the inbox, its bytes are in the archive. A refused one goes to `inbox/refused`.
    """
    refused = []
    for path in _files(home.inbox)[:most]:
        try:
            receive_batch(home, ledger, path)
            path.unlink()
        except WbError as error:
            refused.append(f"{path.name!r}: {error}")
            _set_aside(path)
    return refused


def undecided_batches(ledger: Ledger, *, after: int = 0) -> dict[str, int]:
    """Return {batch key: ledger sequence} of batches that came in behind `after` and are not sealed, oldest first.

    Those whose run was killed are among them.
    """
    sealed = {batch.seal.batch_key for batch in sealed_batches(ledger)}
    received = ledger.events(BatchReceived.kind, after=after)
    return {event.subject: event.sequence for event in received if event.subject not in sealed}


def _files(inbox: Path) -> list[Path]:
    if not inbox.is_dir():
        return []
    paths = (path for path in inbox.iterdir() if path.suffix.lower() in _ENDINGS and not path.name.startswith("."))
    return sorted(path for path in paths if path.is_file())


def _set_aside(path: Path) -> None:
    folder = path.parent / "refused"
    folder.mkdir(exist_ok=True)
    path.replace(folder / path.name)
