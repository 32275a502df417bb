"""Reading after a write: does the record show what was written, and under whose key (SYN-3)? Sends nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wb_pipeline.apply.compare import is_same
from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.apply.prepared import Prepared, values
from wb_pipeline.connectors.writing import KEY_FIELD, CrmRecord, WritableCrm


@dataclass(frozen=True, slots=True)
class Seen:
    """What a record shows after a write. `differing` are fields that hold something else than was written."""

    after: Mapping[str, Any] | None
    has_key: bool
    differing: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether everything is as it was written."""
        return self.has_key and not self.differing


def read_back(
    crm: WritableCrm, written: Sequence[tuple[Prepared, str]], limits: Limits, timing: Timing
) -> dict[str, Seen]:
    """Return by key what the records show; read again where it may be a stale picture. Raises CrmError.

    The last picture is taken when nothing that was sent can show itself any later: it is none of the stale ones.
    """
    seen: dict[str, Seen] = {}
    waiting = list(written)
    settled_at = timing.monotonic() + crm.settle_seconds
    for tried in range(1, limits.stale_reads + 1):
        seen |= _read_once(crm, waiting)
        waiting = [(prepared, record_id) for prepared, record_id in waiting if not seen[prepared.key].is_clean]
        if not waiting or tried == limits.stale_reads:
            break
        is_next_last = tried + 1 == limits.stale_reads
        left = settled_at - timing.monotonic() if is_next_last else 0.0
        timing.sleep(max(left, timing.pause(limits, tried)))
    return seen


def shown(prepared: Prepared, record: CrmRecord | None) -> Seen:
    """Compare one record with what was written to it."""
    if record is None:
        return Seen(None, has_key=False, differing=("the record",))
    if prepared.write.is_archiving:
        return Seen({}, has_key=record.is_archived)
    differing = [name for name, value in prepared.fields.items() if not is_same(record.fields.get(name), value)]
    names = record.fields if prepared.write.makes_record else prepared.fields
    has_key = record.fields.get(KEY_FIELD) == prepared.key
    return Seen(values(record, names), has_key, tuple(sorted(differing)))


def _read_once(crm: WritableCrm, written: Sequence[tuple[Prepared, str]]) -> dict[str, Seen]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for prepared, record_id in written:
        wanted[prepared.write.made_object].append(record_id)
    records = {name: crm.read(name, sorted(set(ids))) for name, ids in wanted.items()}
    return {
        prepared.key: shown(prepared, records[prepared.write.made_object].get(record_id))
        for prepared, record_id in written
    }
