"""What a check of the books found: each finding names file, row and fact. No checking here."""

from __future__ import annotations

from dataclasses import dataclass

MOST_PER_CHECK = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `file` is relative to the home; `row` is a ledger sequence or a 1-based file row."""

    file: str
    row: int | None
    what: str

    def __str__(self) -> str:
        return f"{self.file}{'' if self.row is None else f', row {self.row}'}: {self.what}"


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `verify_books` found. `notes` are oddities that a crash can leave; only `findings` mean tampering or damage.

    `head` is the hash of the newest event: export it to detect a full rewrite later.
    """

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    head: str
    events: int
    segments: int
    rows: int
    seconds: float

    @property
    def is_intact(self) -> bool:
        """Say whether nothing at all was found."""
        return not self.findings
