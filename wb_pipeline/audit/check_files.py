"""Is every file that the ledger cites in its place, byte for byte, and is there another? Rows: `check_segments`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from wb_pipeline.audit.findings import Finding
from wb_pipeline.canonical import file_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.durable import TEMPORARY_SUFFIX
from wb_pipeline.ledger.kinds import (
    BatchReceived,
    BatchSealed,
    DedupeSealed,
    PolicyRegistered,
    SnapshotTaken,
    ValuesErased,
)
from wb_pipeline.ledger.kinds_models import ModelRegistered, ModelTrained


@dataclass(frozen=True, slots=True)
class CitedFile:
    """A file that event `sequence` vouches for. `path` is relative to the home."""

    path: str
    content_hash: str
    sequence: int


def cited_files(events: Iterable[Event]) -> dict[str, CitedFile]:
    """Return what each cited file must be now, by path. A later event about the same file holds (an erasure's)."""
    cited: dict[str, CitedFile] = {}
    values_paths: dict[str, str] = {}
    for event in events:
        for path, content_hash in _citations(event, values_paths):
            cited[path] = CitedFile(path, content_hash, event.sequence)
    return cited


def _citations(event: Event, values_paths: dict[str, str]) -> Iterator[tuple[str, str]]:
    payload = event.payload
    if event.kind == BatchReceived.kind:
        yield payload["path"], event.subject
    elif event.kind in (SnapshotTaken.kind, PolicyRegistered.kind, ModelRegistered.kind, ModelTrained.kind):
        yield payload["path"], payload["file_hash"]
        if event.kind == SnapshotTaken.kind:
            yield payload["rejected_path"], payload["rejected_hash"]
    elif event.kind == BatchSealed.kind:
        values_paths[event.subject] = payload["values_path"]
        yield payload["segment_path"], payload["segment_hash"]
        yield payload["values_path"], payload["values_hash"]
    elif event.kind == DedupeSealed.kind:
        for part in ("entity_ids", "id_trail", "pairs", "rates"):
            yield payload[part]["path"], payload[part]["file_hash"]
    elif event.kind == ValuesErased.kind and event.subject in values_paths:
        yield values_paths[event.subject], payload["values_hash"]


def check_files(home: Home, cited: dict[str, CitedFile]) -> Iterator[Finding]:
    """Yield a finding for each cited file that is missing, outside the home, no regular file, or not as cited."""
    for file in cited.values():
        if what := _problem(home, file):
            yield Finding(file.path, None, f"{what} (cited by ledger event {file.sequence})")


def _problem(home: Home, file: CitedFile) -> str:
    relative = PurePosixPath(file.path)
    if relative.is_absolute() or ".." in relative.parts:
        return "the path leads out of the home"
    path = home.root / relative
    if path.is_symlink() or not path.is_file():
        return "the file is missing"
    try:
        return "" if file_hash(path) == file.content_hash else "the file's bytes were changed"
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"


# Beside each snapshot lies what could not be read of it; the ledger cites the one file of the pair.
_REJECTED, _ROWS = ".rejected.parquet", ".parquet"


def uncited_notes(home: Home, cited: dict[str, CitedFile]) -> Iterator[str]:
    """Yield a note for each file of the books that no event cites: a crash before a commit leaves such files.

    They are no finding: nothing is read from them. A ledger whose tail was cut is found by the head file.
    """
    folders = (home.archive, home.snapshots, home.policies, home.segments, home.values, home.dedupe, home.models)
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            name = path.relative_to(home.root).as_posix()
            if folder == home.models and path.is_dir():
                continue  # Training reports, for people: nothing is decided by them.
            if name not in cited and name.replace(_REJECTED, _ROWS) not in cited:
                yield f"{name}: {_why_uncited(path)}"


def _why_uncited(path: Path) -> str:
    if path.name.endswith(TEMPORARY_SUFFIX):
        return "a temporary file of a run that goes on or was killed"
    return "no ledger event cites it; a killed run leaves such files"
