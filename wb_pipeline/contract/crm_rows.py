"""CRM records of one file, collected into the table of contract/tables.py. No reading of files."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from wb_pipeline.canonical import canonical_json
from wb_pipeline.contract.fields import CRM_OBJECTS
from wb_pipeline.contract.model_reasons import model_reasons
from wb_pipeline.contract.models_crm import CrmRecord
from wb_pipeline.contract.reasons import Reason
from wb_pipeline.contract.tables import CRM_RECORDS, TableBuilder
from wb_pipeline.contract.times import read_time, utc_text


class CrmRows:
    """Takes one record after another.

    A time that cannot be read is left out and noticed, but the record stays: one that is missing from the snapshot
    would let a duplicate of it be created.
    """

    def __init__(self) -> None:
        self.notices: Counter[str] = Counter()
        self._rows = TableBuilder(CRM_RECORDS)
        self._numbers: list[int] = []
        self._latest: dict[tuple[str, str], tuple[datetime, int]] = {}
        self._superseded_by: dict[int, tuple[str, str]] = {}

    def check(self, mapping: dict[str, Any]) -> list[Reason]:
        """Return what is wrong with a record that is refused already."""
        try:
            CrmRecord.model_validate(mapping)
        except ValidationError as error:
            return model_reasons(error)
        return []

    def take(self, number: int, mapping: dict[str, Any]) -> list[Reason]:
        """Keep the record of a row, or return why not."""
        try:
            record = CrmRecord.model_validate(mapping)
        except ValidationError as error:
            return model_reasons(error)
        kind = record.object.strip().lower()
        if kind not in CRM_OBJECTS:
            self.notices[f"records of an object that the contract does not know: {kind}"] += 1
        updated_at = self._time("updated_at", record.updated_at)
        self._keep_latest((kind, record.id), updated_at or datetime.min)  # noqa: DTZ901  (tables keep UTC without a zone)
        self._numbers.append(number)
        fields = canonical_json(mapping["fields"])
        self._rows.add(
            (
                kind,
                record.id,
                fields,
                _writers_json(mapping.get("meta")),
                _history_json(mapping.get("history")),
                self._time("created_at", record.created_at),
                updated_at,
                bool(record.archived),
                record.merged_into,
                canonical_json(record.model_extra) if record.model_extra else "{}",
            ),
            size=len(fields),
        )
        return []

    def superseded(self) -> list[tuple[int, list[Reason]]]:
        """Return the rows that another row for the same record replaced, with the reason."""
        found = []
        for position, key in self._superseded_by.items():
            kept = self._numbers[self._latest[key][1]]
            message = f"Row {kept} describes the {key[0]} {key[1]} too and was updated last: it counts. Send one."
            found.append((self._numbers[position], [Reason("superseded", "id", message)]))
        return found

    def table(self) -> pa.Table:
        """Return the kept records."""
        table = self._rows.table()
        if not self._superseded_by:
            return table
        return table.filter(pa.array([position not in self._superseded_by for position in range(table.num_rows)]))

    def _keep_latest(self, key: tuple[str, str], updated_at: datetime) -> None:
        position = len(self._numbers)
        earlier = self._latest.get(key)
        if earlier is None or earlier[0] <= updated_at:
            self._latest[key] = (updated_at, position)
            if earlier is not None:
                self._superseded_by[earlier[1]] = key
        else:
            self._superseded_by[position] = key

    def _time(self, name: str, text: str | None) -> datetime | None:
        time = read_time(text)
        if time.is_without_zone or time.is_unreadable:
            self.notices[f"{name} is no time with a zone, left out"] += 1
        return time.at


def _writers_json(meta: dict[str, Any] | None) -> str:
    return canonical_json({name: _in_utc(writer) for name, writer in meta.items()}) if meta else "{}"


def _history_json(history: list[dict[str, Any]] | None) -> str:
    return canonical_json([_in_utc(entry) for entry in history]) if history else "[]"


def _in_utc(entry: dict[str, Any]) -> dict[str, Any]:
    stated = entry.get("at")
    return {**entry, "at": utc_text(stated)} if stated else entry
