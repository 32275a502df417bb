"""What became of a write that nobody answered: found out by reading, once it can no longer happen (SYN-2).

The key on the record tells. Fields that happen to hold the wanted values tell nothing, and nothing is sent from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.apply.outbox import Entry, Settlement
from wb_pipeline.connectors.writing import KEY_FIELD, CrmRecord, WritableCrm

_MADE = ("create", "log", "trigger")
_Records = Mapping[tuple[str, str], CrmRecord]


def reconcile(
    crm: WritableCrm,
    entries: Sequence[Entry],
    kept: Mapping[str, Mapping[str, Any]],
    limits: Limits,
    timing: Timing,
) -> list[Settlement]:
    """Return how each write ended: written, or voided because it surely had no effect. Raises CrmError.

    The caller has waited until no call of theirs can still take effect. `kept`: what was to be written, by key.
    """
    found = _found_by_key(crm, entries)
    if any(entry.planned.action in _MADE and entry.key not in found for entry in entries):
        # Not found would mean to make it again: so it is asked twice.
        timing.sleep(min(timing.pause(limits, 1), crm.settle_seconds))
        found = _found_by_key(crm, entries) | found
    records = _records(crm, entries, found)
    return [_settlement(entry, kept.get(entry.key, {}), found, records) for entry in entries]


def _found_by_key(crm: WritableCrm, entries: Sequence[Entry]) -> dict[str, str]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.planned.action in _MADE:
            wanted[entry.planned.object].append(entry.key)
    return {
        key: record_id
        for name, keys in sorted(wanted.items())
        for key, record_id in crm.find_by_key(name, sorted(keys)).items()
    }


def _records(crm: WritableCrm, entries: Sequence[Entry], found: Mapping[str, str]) -> _Records:
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        record_id = found.get(entry.key) or entry.planned.record_id
        if record_id is not None:
            wanted[entry.planned.object].add(record_id)
    return {
        (name, record_id): record
        for name, ids in sorted(wanted.items())
        for record_id, record in crm.read(name, sorted(ids)).items()
    }


def _settlement(entry: Entry, kept: Mapping[str, Any], found: Mapping[str, str], records: _Records) -> Settlement:
    record_id = found.get(entry.key) or entry.planned.record_id
    record = records.get((entry.planned.object, record_id or ""))
    is_done = entry.key in found or (record is not None and _is_carried_out(entry, kept, record))
    names = record.fields if record and entry.planned.action in _MADE else entry.planned.fields
    after = {name: record.fields.get(name) for name in sorted(names)} if record and is_done else None
    return Settlement(
        write=None,
        key=entry.key,
        outcome="written" if is_done else "voided",
        record_id=record_id if is_done else entry.planned.record_id,
        before=kept.get("before") if is_done else None,
        after=after,
        answer="found in the CRM by reading" if is_done else "not in the CRM: it was not carried out",
        is_reconciled=True,
    )


def _is_carried_out(entry: Entry, kept: Mapping[str, Any], record: CrmRecord) -> bool:
    if kept.get("is_archiving"):
        return record.is_archived
    return record.fields.get(KEY_FIELD) == entry.key
