"""Write a CRM, an evidence store and a batch of any size, always the same for the same seed. Nothing is measured here.

Everything streams: memory does not grow with the size.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TextIO

from wb_pipeline.benchmarks.road_bad_rows import bad_line
from wb_pipeline.benchmarks.road_crm import Json, Shape, contact_email, records
from wb_pipeline.benchmarks.road_proposals import drafts
from wb_pipeline.benchmarks.road_words import OWN_DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MIN_CONTACTS = 10


@dataclass(frozen=True)
class GeneratedRoad:
    """The folders that were written, and how many rows lie in each: `rows` counts per relative file name."""

    folder: Path
    rows: dict[str, int]

    @property
    def crm(self) -> Path:
        """The folder of CRM records."""
        return self.folder / "crm"

    @property
    def evidence(self) -> Path:
        """The folder of evidence items."""
        return self.folder / "evidence"

    @property
    def home(self) -> Path:
        """Where a run over it keeps what it writes."""
        return self.folder / "run" / "home"

    @property
    def batch(self) -> Path:
        """The one batch file."""
        return self.folder / "batches" / "road.jsonl"


@dataclass(frozen=True)
class EvidenceSize:
    """The least number of items, filled up with emails that nobody cites, and how long the calls are that are quoted.

    Without turns nobody quotes a call: next steps cite emails.
    """

    items: int = 0
    transcript_turns: int = 0


_NEEDED = EvidenceSize()


def generate_road(
    folder: Path,
    *,
    contacts: int = 100_000,
    proposals: int = 100_000,
    bad_rows: int = 10_000,
    evidence: EvidenceSize = _NEEDED,
    seed: int = 1,
) -> GeneratedRoad:
    """Write `crm/`, `evidence/` and `batches/road.jsonl` below `folder` (made if missing, files replaced).

    `proposals` is the number of lines of the batch, `bad_rows` of them unreadable.
    Raises ValueError for sizes that do not fit together.
    """
    if contacts < _MIN_CONTACTS or not 0 <= bad_rows <= proposals:
        message = f"need at least {_MIN_CONTACTS} contacts and 0 <= bad_rows <= proposals"
        raise ValueError(message)
    shape = Shape(contacts)
    with _Files(folder) as files:
        for name, record in records(shape):
            files.write(f"crm/{name}", _text(record))
        files.touch("evidence/items.jsonl", "batches/road.jsonl")
        good = _good_lines(files, shape, seed, evidence.transcript_turns)
        _write_batch(files, good, proposals, bad_rows)
        for number in range(files.rows["evidence/items.jsonl"], evidence.items):
            files.write("evidence/items.jsonl", _text(_uncited_email(number, shape)))
        return GeneratedRoad(folder, dict(files.rows))


class _Files:
    """Text files below one folder, opened at the first row, with a count of rows per file."""

    def __init__(self, folder: Path) -> None:
        self.rows: Counter[str] = Counter()
        self._folder = folder
        self._open: dict[str, TextIO] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def touch(self, *names: str) -> None:
        """Make sure that the files exist, even when no row will be written."""
        for name in names:
            self._stream(name)

    def write(self, name: str, line: str) -> None:
        """Add one row."""
        self._stream(name).write(line + "\n")
        self.rows[name] += 1

    def _stream(self, name: str) -> TextIO:
        if name not in self._open:
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[name] = self._stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
        return self._open[name]


def _write_batch(files: _Files, good: Iterator[str], proposals: int, bad_rows: int) -> None:
    """Write all lines of the batch, the bad ones spread evenly."""
    for line in range(proposals):
        bad_before = line * bad_rows // proposals
        is_bad = (line + 1) * bad_rows // proposals > bad_before
        files.write("batches/road.jsonl", bad_line(bad_before) if is_bad else next(good))


def _good_lines(files: _Files, shape: Shape, seed: int, transcript_turns: int) -> Iterator[str]:
    """Yield readable lines without end; the evidence that each cites is written before it."""
    for draft in drafts(shape, random.Random(seed), transcript_turns):  # noqa: S311 - made-up data, not secrets
        for item in draft.evidence:
            files.write("evidence/items.jsonl", _text(item))
        yield from map(_text, draft.proposals)


def _uncited_email(number: int, shape: Shape) -> Json:
    return {
        "id": f"ev-uncited-{number:07d}",
        "type": "email",
        "message_id": f"<uncited-{number}@mail.example>",
        "direction": "outbound",
        "from": {"name": "", "email": f"owner0@{OWN_DOMAIN}"},
        "to": [{"name": "", "email": contact_email(number % shape.contacts, shape)}],
        "cc": [],
        "subject": "Following up",
        "sent_at": "2026-02-20T09:00:00Z",
        "body": "Is this still of interest?",
    }


def _text(row: Json) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
