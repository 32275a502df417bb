"""What an item cites: the evidence as it was kept, and the passages that its actor quotes from it. Judges nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wb_pipeline.contract.parse import NESTED_KEYS
from wb_pipeline.contract.read import open_rows
from wb_pipeline.errors import AuditError
from wb_pipeline.ledger.kinds import BatchReceived, payload_of

if TYPE_CHECKING:
    from pathlib import Path

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.kept_files import EvidenceItem, KeptFiles
    from wb_pipeline.review.model import Item


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as the actor quotes it; `at`: where in a recording. Text from outside: it need not stand there."""

    text: str
    at: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """One id that an item cites: what was kept under it (nothing, one item, or several that share it), the quotes."""

    evidence_id: str
    items: tuple[EvidenceItem, ...]
    quotes: tuple[Quote, ...]


def citations_of(home: Home, ledger: Ledger, files: KeptFiles, item: Item) -> list[Citation]:
    """Return everything that an item cites, in the order of the ids."""
    kept: dict[str, list[EvidenceItem]] = defaultdict(list)
    for each in files.evidence_items(item.evidence_hash, item.evidence):
        kept[each.evidence_id].append(each)
    quotes = _quotes(home, ledger, item) if item.evidence else {}
    return [Citation(name, tuple(kept[name]), tuple(quotes.get(name, ()))) for name in item.evidence]


def _quotes(home: Home, ledger: Ledger, item: Item) -> dict[str, list[Quote]]:
    """Read the quotes from the line as it came in: they are not sealed, the archived batch is."""
    found: dict[str, list[Quote]] = defaultdict(list)
    for cited in _cited_lines(_batch_path(home, ledger, item)).get(item.line_number, ()):
        if isinstance(cited, dict) and isinstance(cited.get("quote"), str):
            at = cited.get("at")
            found[str(cited.get("ref"))].append(Quote(cited["quote"], at if isinstance(at, str) else None))
    return found


def _batch_path(home: Home, ledger: Ledger, item: Item) -> Path:
    received = ledger.events(BatchReceived.kind, subject=item.batch_key)
    path = home.root / payload_of(received[-1], BatchReceived).path if received else None
    if path is None or not path.is_file():
        message = f"the batch {item.batch_key[:16]} is not in the archive"
        raise AuditError(message, hint="run `wb audit verify`; restore it from a backup")
    return path


@lru_cache(maxsize=4)
def _cited_lines(path: Path) -> dict[int, list[Any]]:
    """Return what each line of a batch cites. Read once: an archived file never changes, and items come one by one."""
    rows = open_rows(path, nested=NESTED_KEYS).rows
    return {row.number: _cited(row.mapping) for row in rows}


def _cited(line: Any) -> list[Any]:
    evidence = line.get("evidence") if isinstance(line, dict) else None
    return evidence if isinstance(evidence, list) else []
