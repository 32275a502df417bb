"""What will be written to deals by itself and no snapshot shows yet: it counts towards a person's limit (RVW-5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.review.model import read_json
from wb_pipeline.review.units import Unit, units_of

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.sealed_changes import SealedChange
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.standing import Standing, Standings

_MONEY = frozenset({"amount", "currency"})
_UNKNOWN = {"amount": "unknown"}


class AutomaticDeals:
    """The amounts and currencies that automatic changes give to deals; read from the sealed files as they come."""

    def __init__(self, home: Home, ledger: Ledger) -> None:
        self._home, self._ledger = home, ledger
        self._sequence = 0
        self._units: dict[str, list[Unit]] = defaultdict(list)

    def refresh(self) -> None:
        """Take in what was sealed since the last time."""
        found = sealed_changes(
            self._home,
            self._ledger,
            lanes=["auto"],
            objects=["deal"],
            after_sequence=self._sequence,
            whole_proposals=True,
        )
        for unit in units_of(found):
            if unit.lane == "auto" and unit.row["record_id"] and any(row.row["field"] in _MONEY for row in unit.rows):
                self._units[str(unit.row["record_id"])].append(unit)
        self._sequence = max([self._sequence, *(each.sealed_sequence for each in found)])

    def of(self, deal: str, standings: Standings, since: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield (item id, values) of what is still to be written to a deal, or was since a ledger event."""
        for unit in self._units.get(deal, ()):
            if _counts(unit, standings.of(unit.item_id), since):
                yield unit.item_id, _values(unit)


def _counts(unit: Unit, standing: Standing, since: int) -> bool:
    """Say whether a change is on its way, or was written and not seen yet. What came to a person counts as theirs."""
    if standing.written_by_itself or standing.written_as_approved:
        return standing.written_at > since
    return standing.phase == "waiting" and not any(row.is_erased for row in unit.rows)


def _values(unit: Unit) -> Mapping[str, Any]:
    return {name: value for row in unit.rows for name, value in _value(row).items()}


def _value(row: SealedChange) -> Mapping[str, Any]:
    """Return what a row gives to the deal; an amount that was erased on request may be any."""
    return _UNKNOWN if row.is_erased else {str(row.row["field"]): read_json(row.row["new_value"])}
