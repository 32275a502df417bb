"""What the modes, and what people said a moment ago, allow now: asked of the ledger (kill switch). Switches nothing."""

from __future__ import annotations

from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.apply.model import Write
from wb_pipeline.ledger.modes import Modes, modes
from wb_pipeline.ledger.store import Book, Ledger
from wb_pipeline.review.approved import changed_since
from wb_pipeline.review.policies import has_moved


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


class SinceRead:
    """What the books say behind the sequence at which a run read what is approved; read from the book, once."""

    def __init__(self, book: Book, sequence: int) -> None:
        self._decided = changed_since(book, sequence).keys()
        self._is_judged = not has_moved(book, sequence)

    def forbids(self, write: Write) -> str:
        """Return why a write may not begin any more, "" if it may. Taking back is asked for now, whatever was then."""
        if write.undoes is not None:
            return ""
        if not self._decided.isdisjoint(write.item_ids):
            return "somebody decided on it just now"
        return "" if self._is_judged else "another policy came into force just now: it is judged again first"
