"""The passages that a proposal quotes, from its line as it was sent: sealed decisions keep only the items' ids."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wb_pipeline.contract.parse import NESTED_KEYS
from wb_pipeline.contract.read import open_rows
from wb_pipeline.steps.intake import received_batches

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger

_KEPT_BATCHES = 4
_MOST_QUOTES = 10


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage as an actor quotes it, and where in a recording it says that it stands ("" if it does not say)."""

    text: str
    at: str


class Citations:
    """Quotes by batch and line. A batch file is read once for as long as it is asked for."""

    def __init__(self, home: Home, ledger: Ledger) -> None:
        self._home = home
        self._ledger = ledger
        self._of_batch = lru_cache(maxsize=_KEPT_BATCHES)(self._read)

    def quotes(self, batch_key: str, line_number: int) -> dict[str, list[Quoted]]:
        """Return what a line quotes, by the id of the item; nothing where the file is gone."""
        return self._of_batch(batch_key).get(line_number, {})

    def _read(self, batch_key: str) -> dict[int, dict[str, list[Quoted]]]:
        received = received_batches(self._home, self._ledger).get(batch_key)
        if received is None or not received.path.is_file():
            return {}
        found = {}
        for row in open_rows(received.path, nested=NESTED_KEYS).rows:
            if row.mapping and not row.problem and (quoted := _quoted(row.mapping.get("evidence"))):
                found[row.number] = quoted
        return found


def _quoted(evidence: Any) -> dict[str, list[Quoted]]:
    found: dict[str, list[Quoted]] = defaultdict(list)
    for citation in evidence if isinstance(evidence, list) else ():
        if not isinstance(citation, dict) or not isinstance(citation.get("quote"), str):
            continue
        quotes, at = found[str(citation.get("ref"))], citation.get("at")
        if len(quotes) < _MOST_QUOTES:
            quotes.append(Quoted(citation["quote"], at if isinstance(at, str) else ""))
    return dict(found)
