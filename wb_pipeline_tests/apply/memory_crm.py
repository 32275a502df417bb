"""A CRM in memory that answers as it is told to, and a clock that moves only when somebody waits. No assertions here.

It is as simple-minded as a real CRM: the same call sent twice is carried out twice, and `effects` shows it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.connectors.search_keys import FieldKeys, holds
from wb_pipeline.connectors.writing import (
    KEY_FIELD,
    Conflict,
    CrmAnswer,
    CrmCall,
    CrmError,
    CrmRecord,
    Locked,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)

QUICK = Limits(group=3, tries=3, first_pause=0.1, longest_pause=1.0, stale_reads=2)
ANSWERS = ("ok", "throttled", "locked", "unavailable", "refused", "conflict", "unknown_done", "unknown_not", "late")
DEATHS = ("dies_before", "dies_after")
_PLAIN: dict[str, CrmError] = {
    "throttled": Throttled("slow down", retry_after=0.5),
    "locked": Locked("somebody edits it"),
    "unavailable": Unavailable("down"),
    "refused": Refused("the field is read only"),
    "conflict": Conflict("moved"),
    "unknown_not": OutcomeUnknown("no answer"),
}


class KilledError(BaseException):
    """The process that calls the CRM dies here; BaseException, for nothing may catch it."""


class StillClock:
    """Time that passes only while somebody sleeps."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 12, tzinfo=UTC)) -> None:
        self._start = start
        self.seconds = 0.0

    def now(self) -> datetime:
        """Return the time of day."""
        return self._start + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds

    @property
    def timing(self) -> Timing:
        """Return the clocks of a run."""
        return Timing(self.now, lambda: self.seconds, self.sleep)


@dataclass
class MemoryCrm:
    """Records by (object, id). `script`: the answers to the next calls, `ok` when it is used up.

    late: no answer, and the call takes effect just before `settle_seconds` are over. dies_before, dies_after: whoever
    calls is killed, before or after this call was carried out.
    """

    clock: StillClock = field(default_factory=StillClock)
    script: deque[str] = field(default_factory=deque)
    records: dict[tuple[str, str], CrmRecord] = field(default_factory=dict)
    name: str = "memory"
    settle_seconds: float = 5.0
    batch_size: int = 2
    effects: Counter[str] = field(default_factory=Counter)
    calls: list[CrmCall] = field(default_factory=list)
    late: list[tuple[float, CrmCall]] = field(default_factory=list)
    reads: int = 0
    searches: int = 0

    def put(self, object_name: str, record_id: str, **fields: Any) -> None:
        """Let somebody else write a record."""
        standing = self.records.get((object_name, record_id))
        merged = {**(standing.fields if standing else {}), **fields}
        self.records[object_name, record_id] = CrmRecord(object_name, record_id, merged)

    def fields(self, object_name: str, record_id: str) -> dict[str, Any]:
        """Return what stands in a record."""
        return dict(self.records[object_name, record_id].fields)

    def read(self, object_name: str, record_ids: Sequence[str]) -> dict[str, CrmRecord]:
        """Return records as they are now."""
        self._let_time_tell()
        self.reads += 1
        return {one: found for one in record_ids if (found := self.records.get((object_name, one)))}

    def find_by_key(self, object_name: str, keys: Sequence[str]) -> dict[str, str]:
        """Return which records carry the keys."""
        self._let_time_tell()
        held = {
            each.fields.get(KEY_FIELD): each.record_id for each in self.records.values() if each.object == object_name
        }
        return {key: held[key] for key in keys if key in held}

    def find_by_fields(self, object_name: str, wanted: FieldKeys) -> list[CrmRecord]:
        """Return the records that are not archived and hold one of the keys in its field."""
        self._let_time_tell()
        self.searches += 1
        live = (each for each in self.records.values() if each.object == object_name and not each.is_archived)
        return [each for each in live if holds(each.fields, wanted)]

    def write_many(self, calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        """Answer each call as the script says."""
        assert len(calls) <= self.batch_size
        self._let_time_tell()
        self.calls += calls
        return [self._answer(call, self.script.popleft() if self.script else "ok") for call in calls]

    def close(self) -> None:
        """Nothing is open."""

    def _let_time_tell(self) -> None:
        due = [call for at, call in self.late if at <= self.clock.seconds]
        self.late = [(at, call) for at, call in self.late if at > self.clock.seconds]
        for call in due:
            self._carry_out(call)

    def _answer(self, call: CrmCall, answer: str) -> CrmAnswer | CrmError:
        if answer in _PLAIN:
            return _PLAIN[answer]
        if answer == "late":
            self.late.append((self.clock.seconds + self.settle_seconds * 0.9, call))
            return OutcomeUnknown("no answer")
        if answer == "dies_before":
            raise KilledError
        done = self._carry_out(call)
        if answer == "dies_after":
            raise KilledError
        return OutcomeUnknown("no answer") if answer == "unknown_done" and isinstance(done, CrmAnswer) else done

    def _carry_out(self, call: CrmCall) -> CrmAnswer | CrmError:
        if call.action in ("create", "enroll"):
            record_id = f"{call.object}-new-{len(self.records)}"
            self.records[call.object, record_id] = CrmRecord(call.object, record_id, dict(call.fields))
            self.effects[call.key] += 1
            return CrmAnswer(record_id, "created")
        record = self.records.get((call.object, call.record_id or ""))
        if record is None or record.is_archived:
            return Refused("no such record")
        if any(record.fields.get(name) != value for name, value in call.expected.items()):
            return Conflict("a value moved")
        self.effects[call.key] += 1
        changed = {**record.fields, **call.fields}
        is_archived = call.action == "archive"
        self.records[call.object, record.record_id] = CrmRecord(call.object, record.record_id, changed, is_archived)
        if call.action == "merge" and call.loser_id:
            loser = self.records[call.object, call.loser_id]
            self.records[call.object, call.loser_id] = CrmRecord(
                call.object, call.loser_id, loser.fields, is_archived=True, merged_into=record.record_id
            )
        return CrmAnswer(record.record_id, "written")


def crm_with(records: Iterable[tuple[str, str, dict[str, Any]]], **options: Any) -> MemoryCrm:
    """Return a CRM that holds these records: object, id, fields."""
    crm = MemoryCrm(**options)
    for name, record_id, fields in records:
        crm.put(name, record_id, **fields)
    return crm
