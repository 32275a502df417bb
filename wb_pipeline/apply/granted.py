"""What may be written now: automatic changes and standing approvals, with the value that is written. Plans nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.ledger.sealed_changes import SealedChange, sealed_changes

if TYPE_CHECKING:
    from datetime import datetime

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Granted:
    """A change that may be written. `approvals`: the ledger sequences that allow it; none = automatic."""

    change: SealedChange
    value: Any
    base: Any
    approvals: tuple[int, ...] = ()

    @property
    def is_suggestion(self) -> bool:
        """Whether only the suggestion field is written: nobody accepted it (yet)."""
        return self.change.lane == "suggest" and not self.approvals

    @property
    def suggested(self) -> Any:
        """The value as it was sealed: what a suggestion field of ours holds."""
        return json_value(self.change.row["new_value"])


def granted_changes(home: Home, ledger: Ledger, now: datetime) -> list[Granted]:
    """Return what may be written at `now`, in the order of the books.

    Raises AuditError for a sealed file that is not the one that the ledger cites (law 6).
    """
    _ = now
    return [
        Granted(change, json_value(change.row["new_value"]), json_value(change.row["old_value"]))
        for change in sealed_changes(home, ledger, lanes=("auto", "suggest"))
        if not change.is_erased
    ]


def json_value(text: str | None) -> Any:
    """Return a value that travels as JSON text; None where there is none."""
    return None if text is None else json.loads(text)
