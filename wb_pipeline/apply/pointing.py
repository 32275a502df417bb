"""Which records point to one that is to be put away, whoever let them: asked of the CRM (AUD-4). Decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from wb_pipeline.apply.model import Write
from wb_pipeline.apply.references import CREATABLE
from wb_pipeline.connectors.search_keys import keys_in
from wb_pipeline.connectors.writing import CrmRecord, WritableCrm
from wb_pipeline.contract.fields import FIELDS_BY_OBJECT


def names_pointing_to(object_name: str) -> frozenset[str]:
    """Return the fields that hold the id of a record of an object."""
    return frozenset(name for name, made in CREATABLE.items() if made == object_name)


def points_to(record: CrmRecord, object_name: str, record_id: str | None) -> bool:
    """Say whether a record holds a reference to another one, as a text or a number."""
    return any(record_id in keys_in(name, record.fields.get(name)) for name in names_pointing_to(object_name))


def with_referrers(crm: WritableCrm, writes: Sequence[Write]) -> list[Write]:
    """Return the writes, those that put a record away with all live records that point to it. Raises CrmError."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for write in writes:
        if write.is_archiving and write.record_id:
            wanted[write.object].add(write.record_id)
    if not wanted:
        return list(writes)
    found = {name: _pointing(crm, name, ids) for name, ids in wanted.items()}
    return [
        replace(write, referrers=write.referrers | found[write.object].get(write.record_id or "", set()))
        if write.is_archiving
        else write
        for write in writes
    ]


def _pointing(crm: WritableCrm, object_name: str, ids: set[str]) -> Mapping[str, set[tuple[str, str]]]:
    """Return by id the places of the records that point there."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for name, fields in FIELDS_BY_OBJECT.items():
        if holding := names_pointing_to(object_name) & set(fields):
            for record in crm.find_by_fields(name, dict.fromkeys(sorted(holding), sorted(ids))):
                for each in {key for field in holding for key in keys_in(field, record.fields.get(field))} & ids:
                    found[each].add((name, record.record_id))
    return found
