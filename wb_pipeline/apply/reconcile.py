"""What became of a write that nobody answered: found out by reading, once it can no longer happen (SYN-2).

The key on the record tells, and of a merge the loser too: it may have been cut off between the two. Fields that happen
to hold the wanted values tell nothing, and nothing is sent from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from wb_pipeline.apply.compare import is_same
from wb_pipeline.apply.entries import Entry, Settlement
from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.apply.model import Outcome
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
    """Return how each write ended: written, voided because it surely had no effect, or half done. Raises CrmError.

    A merge that is half done is a conflict: it goes back to a person, who sees what stands now.

    The caller has waited until no call of theirs can still take effect. `kept`: what was to be written, by key.
    """
    found = _found_by_key(crm, entries)
    if any(entry.planned.action in _MADE and entry.key not in found for entry in entries):
        # Not found would mean to make it again: so it is asked twice.
        timing.sleep(min(timing.pause(limits, 1), crm.settle_seconds))
        found = _found_by_key(crm, entries) | found
    records = _records(crm, entries, found, kept)
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


def _records(
    crm: WritableCrm,
    entries: Sequence[Entry],
    found: Mapping[str, str],
    kept: Mapping[str, Mapping[str, Any]],
) -> _Records:
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        record_id = found.get(entry.key) or entry.planned.record_id
        loser_id = _loser_of(entry, kept.get(entry.key, {}))
        wanted[entry.planned.object].update(each for each in (record_id, loser_id) if each)
    return {
        (name, record_id): record
        for name, ids in sorted(wanted.items())
        for record_id, record in crm.read(name, sorted(ids)).items()
    }


def _settlement(entry: Entry, kept: Mapping[str, Any], found: Mapping[str, str], records: _Records) -> Settlement:
    record_id = found.get(entry.key) or entry.planned.record_id
    record = records.get((entry.planned.object, record_id or ""))
    outcome, answer = _ending(entry, kept, found, records)
    is_done = outcome == "written"
    names = record.fields if record and entry.planned.action in _MADE else entry.planned.fields
    after = {name: record.fields.get(name) for name in sorted(names)} if record and outcome != "voided" else None
    return Settlement(
        write=None,
        key=entry.key,
        outcome=outcome,
        record_id=record_id if is_done else entry.planned.record_id,
        before=None if outcome == "voided" else kept.get("before"),
        after=after,
        answer=answer,
        is_reconciled=True,
        item_ids=tuple(kept.get("item_ids") or entry.planned.change_ids[:1]),
    )


def _ending(entry: Entry, kept: Mapping[str, Any], found: Mapping[str, str], records: _Records) -> tuple[Outcome, str]:
    """Return how a write ended, and by what that is known."""
    record = records.get((entry.planned.object, entry.planned.record_id or ""))
    is_written = entry.key in found or (record is not None and _is_carried_out(entry, kept, record))
    if entry.planned.action == "merge" and record is not None:
        half = _half_merged(entry, kept, record, records, is_written=is_written)
        if half:
            return "conflict", half
    if is_written:
        return "written", "found in the CRM by reading"
    return "voided", "not in the CRM: it was not carried out"


def _is_carried_out(entry: Entry, kept: Mapping[str, Any], record: CrmRecord) -> bool:
    if kept.get("is_archiving"):
        return record.is_archived
    return record.fields.get(KEY_FIELD) == entry.key


def _half_merged(
    entry: Entry, kept: Mapping[str, Any], survivor: CrmRecord, records: _Records, *, is_written: bool
) -> str:
    """Return which half of a merge is missing; nothing where it was carried out wholly or not at all.

    A CRM that keeps the two in two places may have been cut off between them, and somebody else wrote into the second.
    """
    loser_id = _loser_of(entry, kept)
    if loser_id is None:
        return "the merge was begun, and what it was about is erased: look at the record" if is_written else ""
    loser = records.get((entry.planned.object, loser_id))
    is_gone = loser is None or (loser.is_archived and loser.merged_into == survivor.record_id)
    if is_written and not is_gone:
        return f"the merge is half done: {survivor.record_id} has its values, but {loser_id} is not merged into it"
    if loser is None or is_written or not is_gone:
        return ""
    wanted = kept.get("fields") or {}
    lacking = sorted(name for name, value in wanted.items() if not is_same(survivor.fields.get(name), value))
    named = ", ".join(lacking)
    return f"the merge is half done: {loser_id} is merged, but {survivor.record_id} lacks {named}" if lacking else ""


def _loser_of(entry: Entry, kept: Mapping[str, Any]) -> str | None:
    loser = (kept.get("payload") or {}).get("loser") if entry.planned.action == "merge" else None
    return None if loser is None else str(loser)
