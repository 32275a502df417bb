"""A CRM as it would be after some writes: for a dry run in which one write builds on another. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from wb_pipeline.apply.model import Write
from wb_pipeline.apply.prepared import Prepared
from wb_pipeline.connectors.search_keys import FieldKeys, holds
from wb_pipeline.connectors.writing import CrmAnswer, CrmCall, CrmError, CrmRecord, Refused, WritableCrm


class Overlay:
    """Answers reads from records that were read once, as changed by what was imagined since."""

    name = "dry run"
    settle_seconds = 0.0
    batch_size = 1

    def __init__(self, crm: WritableCrm, writes: Iterable[Write]) -> None:
        self._crm = crm
        wanted: dict[str, set[str]] = defaultdict(set)
        for write in writes:
            for name, record_id in write.records:
                wanted[name].add(record_id)
        self._records = {(name, key): record for name, ids in wanted.items() for key, record in _all(crm, name, ids)}

    def imagine(self, prepared: Prepared) -> None:
        """Let a write be carried out."""
        place = (prepared.write.object, prepared.record_id or "")
        record = self._records.get(place)
        if prepared.state == "send" and record is not None:
            fields = {**record.fields, **prepared.fields, **prepared.marks}
            is_archived = record.is_archived or prepared.write.is_archiving
            self._records[place] = replace(record, fields=fields, is_archived=is_archived)

    def read(self, object_name: str, record_ids: Sequence[str]) -> dict[str, CrmRecord]:
        """Return records as imagined."""
        return {one: found for one in record_ids if (found := self._records.get((object_name, one)))}

    def find_by_key(self, object_name: str, keys: Sequence[str]) -> dict[str, str]:  # noqa: ARG002 - the signature is the protocol's
        """Find nothing: nothing is made in a dry run."""
        return {}

    def find_by_fields(self, object_name: str, wanted: FieldKeys) -> list[CrmRecord]:
        """Return the live records that hold one of the keys, as imagined."""
        for record in self._crm.find_by_fields(object_name, wanted):
            self._records.setdefault((object_name, record.record_id), record)
        known = (record for (name, _), record in self._records.items() if name == object_name)
        return [each for each in known if not each.is_archived and holds(each.fields, wanted)]

    def write_many(self, calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        """Refuse: a dry run writes nothing."""
        return [Refused("a dry run writes nothing")] * len(calls)

    def close(self) -> None:
        """Do nothing: the CRM behind it is closed by whoever opened it."""


def _all(crm: WritableCrm, name: str, ids: Iterable[str]) -> Iterable[tuple[str, CrmRecord]]:
    return crm.read(name, sorted(ids)).items()
