"""What the modes allow at this moment, asked of the ledger at most seconds ago (kill switch). Switches nothing."""

from __future__ import annotations

from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.apply.model import Write
from wb_pipeline.ledger.modes import Modes, modes
from wb_pipeline.ledger.store import Book, Ledger


class Gatekeeper:
    """Answers whether a write may be sent now. The answer is never older than `Limits.mode_seconds`."""

    def __init__(self, ledger: Ledger, limits: Limits, timing: Timing) -> None:
        self._ledger = ledger
        self._limits = limits
        self._timing = timing
        self._asked_at = float("-inf")
        self._modes: Modes | None = None

    def ask(self, book: Book | None = None) -> None:
        """Read the modes now; from the book, while the ledger's write lock is held."""
        self._asked_at = self._timing.monotonic()
        self._modes = modes(book or self._ledger)

    def held_by(self, write: Write) -> str:
        """Return the mode that holds a write back, nothing if it may be sent."""
        if self._modes is None or self._timing.monotonic() - self._asked_at >= self._limits.mode_seconds:
            self.ask()
        assert self._modes is not None  # noqa: S101 - asked just now
        mode = self._modes.of(write.actor_id)
        if mode in ("stopped", "read_only") or (mode == "review_everything" and write.is_automatic):
            return mode
        return ""
