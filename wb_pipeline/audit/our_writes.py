"""What we wrote to the CRM, or may have written, so that it can be told from what others wrote. No snapshots here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from wb_pipeline.audit.snapshot_changes import RECORD, SeenChange, same_value
from wb_pipeline.audit.steps import json_or_text
from wb_pipeline.connectors.writing import KEY_FIELD
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.store import Ledger

# The clocks of two machines differ a little.
_SLACK = timedelta(minutes=5)
# After these nothing of a write stands in the CRM: it was not sent, not carried out, or others had written the same.
_ARCHIVED = True
_WITHOUT_EFFECT = ("refused", "voided", "already_so")


_When = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class OurValue:
    """A value that we put into a field between two moments. `is_erased`: it was erased, so any value may be ours."""

    value: Any
    is_erased: bool
    since: datetime
    until: datetime

    def explains(self, change: SeenChange) -> bool:
        """Say whether a change may be this write: the same value, at a time that fits as far as it is known."""
        at = _moment(change.at)
        in_time = at is None or self.since - _SLACK <= at <= self.until + _SLACK
        return in_time and (self.is_erased or same_value(self.value, change.new))


class OurWrites:
    """Every write on the books, by the field that it wrote. Read once."""

    def __init__(self, ledger: Ledger) -> None:
        self._values: dict[tuple[str, str, str], list[OurValue]] = defaultdict(list)
        self._merged: set[tuple[str, str]] = set()
        self.keys: set[str] = set()
        planned = ledger.events(WritePlanned.kind)
        ends = {event.subject: event for event in ledger.events(WriteSettled.kind)}
        digests = {event.payload["values_digest"] for event in planned}
        digests |= {end.payload["after_digest"] for end in ends.values() if end.payload["after_digest"]}
        self._kept = ledger.kept(digests)
        for event in planned:
            self.keys.add(event.subject)
            plan, end = payload_of(event, WritePlanned), ends.get(event.subject)
            settled = payload_of(end, WriteSettled) if end else None
            if settled is None or settled.outcome not in _WITHOUT_EFFECT:
                # What was given up may still have happened, or happen later.
                until = _moment(end.recorded_at) if end and end.payload["outcome"] != "gave_up" else None
                self._take(event.subject, plan, settled, (_moment(event.recorded_at) or _START, until or _END))

    def explain(self, change: SeenChange) -> bool:
        """Say whether a change that a snapshot shows is a write of ours, or comes from a merge of ours."""
        place = change.object, change.record_id, change.field
        if any(value.explains(change) for value in self._values.get(place, ())):
            return True
        # A merge lets everything that pointed to the loser point to the survivor.
        return isinstance(change.old, str) and isinstance(change.new, str) and (change.old, change.new) in self._merged

    def _take(self, key: str, plan: WritePlanned, settled: WriteSettled | None, when: _When) -> None:
        record_id = (settled.record_id if settled else None) or plan.record_id
        meant = _object(self._kept.get(plan.values_digest))
        merged = _object(meant.get("payload"))
        loser = merged.get("loser") if plan.action == "merge" else None
        if isinstance(loser, str):
            self._merged.add((loser, str(merged.get("survivor"))))
            self._put((plan.object, loser, "archived"), _ARCHIVED, when)
            self._put((plan.object, loser, "merged_into"), merged.get("survivor"), when)
        if record_id is None:
            return
        if plan.record_id is None:
            self._put((plan.object, record_id, RECORD), "created", when)
        if meant.get("is_archiving"):
            self._put((plan.object, record_id, "archived"), _ARCHIVED, when)
        self._put((plan.object, record_id, KEY_FIELD), key, when)
        is_erased = plan.values_digest not in self._kept
        after = _object(self._kept.get((settled.after_digest if settled else None) or ""))
        for values in (_object(meant.get("fields")), _object(meant.get("marks")), after):
            for name, value in values.items():
                self._put((plan.object, record_id, name), value, when)
        for name in plan.fields if is_erased else ():
            self._put((plan.object, record_id, name), None, when, is_erased=True)

    def _put(self, place: tuple[str, str, str], value: Any, when: _When, *, is_erased: bool = False) -> None:
        self._values[place].append(OurValue(value, is_erased, *when))


_START, _END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def _moment(text: str | None) -> datetime | None:
    """Return a time of the ledger or of a CRM; one without a zone is UTC, one that cannot be read is none."""
    try:
        moment = datetime.fromisoformat(text) if text else None
        return None if moment is None else (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _object(given: Any) -> Mapping[str, Any]:
    value = json_or_text(given) if isinstance(given, str) else given
    return value if isinstance(value, dict) else {}
