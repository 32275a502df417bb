"""The record that a reference means by now: itself, or the one that it was merged into (IDN-9). Writes nothing.

Days pass between approval and write: who was approved under a company that was merged away belongs to its survivor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from wb_pipeline.apply.model import Part, Write
from wb_pipeline.apply.prepared import Prepared
from wb_pipeline.apply.references import CREATABLE, References
from wb_pipeline.connectors.writing import CrmRecord, WritableCrm

Place = tuple[str, str]
Records = Mapping[Place, CrmRecord]

_LONGEST_TRAIL = 10


class ParentGoneError(Exception):
    """A reference to a record that is archived, or whose trail of merges leads nowhere. The text is for a person."""


def read_places(crm: WritableCrm, places: set[Place]) -> dict[Place, CrmRecord]:
    """Return the records at these places, and those that they were merged into. Raises CrmError."""
    found: dict[Place, CrmRecord] = {}
    for _ in range(_LONGEST_TRAIL):
        wanted: dict[str, set[str]] = defaultdict(set)
        for name, record_id in places - found.keys():
            wanted[name].add(record_id)
        read = {
            (name, record_id): record
            for name, ids in sorted(wanted.items())
            for record_id, record in crm.read(name, sorted(ids)).items()
        }
        found |= read
        places = {(name, record.merged_into) for (name, _), record in read.items() if record.merged_into}
    return found


def parents_named(write: Write, references: References) -> Iterator[Place]:
    """Yield the places that the references of a write may mean: of a record, or of one that a proposal made."""
    for part in write.parts:
        name = CREATABLE.get(part.field)
        if name is None or not _is_id(part.value):
            continue
        yield name, str(part.value)
        if (made := references.ids.get(references.proposal_meant(write, part) or "")) is not None:
            yield name, made


def meant(write: Write, part: Part, records: Records, references: References) -> tuple[Any, str]:
    """Return what a part writes, a reference as it holds by now; and, where that is another record, why.

    Raises KeyError if it stands for a record that is not made (yet), ParentGoneError if it means none that is alive.
    """
    name = CREATABLE.get(part.field)
    if name is None or not _is_id(part.value):
        return part.value, ""
    # A record that really has this id comes before a proposal that calls itself so.
    value = part.value if (name, str(part.value)) in records else references.value_of(write, part)
    survivor = _survivor(name, str(value), records, part.field)
    return (value, "") if survivor == str(value) else (survivor, _words(part.field, records[name, str(value)]))


def gone_since(prepared: Prepared, records: Records) -> str:
    """Return which reference of a write means no live record any more; nothing if all do."""
    for field, value in prepared.fields.items():
        record = records.get((CREATABLE.get(field, ""), str(value)))
        if record is not None and (record.is_archived or record.merged_into):
            return _words(field, record)
    return ""


def _survivor(name: str, record_id: str, records: Records, field: str) -> str:
    seen: set[str] = set()
    record = records.get((name, record_id))
    while record is not None and record.merged_into and record_id not in seen:
        seen.add(record_id)
        record_id = record.merged_into
        record = records.get((name, record_id))
    # A record that nobody can see may have been made a moment ago; one at the end of a trail has to be there.
    if (record is None and seen) or (record is not None and (record.is_archived or record.merged_into)):
        raise ParentGoneError(
            _words(field, record) if record else f"{field} names a record whose survivor is not there"
        )
    return record_id


def _words(field: str, record: CrmRecord) -> str:
    became = f"merged into {record.merged_into}" if record.merged_into else "archived"
    return f"{field} names {record.object} {record.record_id}, which was {became}"


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""
