"""What kept snapshots hold about items: cited evidence, records of the CRM. Read beside the warehouse; judges nothing.

Only files that the ledger cites are read; one that it does not know holds nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import file_hash
from wb_pipeline.connectors.snapshot_sql import row_hash
from wb_pipeline.dedupe.compared_fields import compared_text
from wb_pipeline.errors import AuditError
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import SnapshotTaken, payload_of

if TYPE_CHECKING:
    from pathlib import Path

    from wb_pipeline.dedupe.live_records import ComparedObject
    from wb_pipeline.home import Home

_CONTENTS = f"""
select evidence_id, string_agg({row_hash("evidence")}, ',' order by payload)
from read_parquet($path) where evidence_id in (select unnest($ids)) group by evidence_id
"""  # noqa: S608 - our own names; values are parameters
_ITEMS = """
select evidence_id, evidence_type, evidence_state, happened_at, payload
from read_parquet($path) where evidence_id in (select unnest($ids)) order by evidence_id, payload
"""
_RECORDS = """
select object, record_id, fields from read_parquet($path)
where (object || chr(10) || record_id) in (select unnest($ids))
"""
_KEPT_RECORDS = """
select object, record_id, fields, field_writers, coalesce(is_archived, false) or merged_into_id is not null
from read_parquet($path) where (object || chr(10) || record_id) in (select unnest($ids))
"""
_COMPARED = """
select record_id, {compared} from read_parquet($path)
where (object || chr(10) || record_id) in (select unnest($ids))
"""
RecordKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """An item of evidence as it was kept; `happened_at` is UTC text, `payload` its own keys."""

    evidence_id: str
    evidence_type: str | None
    evidence_state: str | None
    happened_at: str | None
    payload: Any


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record of the CRM as it was kept; not `is_live`: archived, or merged into another one."""

    fields: Mapping[str, Any]
    writers: Mapping[str, Any]
    is_live: bool

    def writer_of(self, field: str) -> str:
        """Return who wrote a field last and when, as far as the CRM tells, "" where it does not."""
        told = self.writers.get(field)
        if isinstance(told, dict):
            return " ".join(str(told[name]) for name in ("by", "at") if told.get(name))
        return str(told or "")


class KeptFiles:
    """The snapshots of a home that the ledger cites; fed with `snapshot_taken` events in order."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._taken: dict[str, SnapshotTaken] = {}
        self._order: list[tuple[int, str, str]] = []
        self._latest: dict[str, str] = {}

    def note(self, event: Event) -> None:
        """Take one event in."""
        taken = payload_of(event, SnapshotTaken)
        self._taken[event.subject] = taken
        self._order.append((event.sequence, taken.source, event.subject))
        self._latest[taken.source] = event.subject

    def latest(self, source: str, before: int | None = None) -> str:
        """Return the hash of the latest snapshot of `crm` or `evidence` (before an event, where given), "" for none."""
        if before is None:
            return self._latest.get(source, "")
        earlier = (name for sequence, kind, name in reversed(self._order) if kind == source and sequence < before)
        return next(earlier, "")

    def latest_sequence(self, source: str) -> int:
        """Return the ledger event that took the latest snapshot of `crm` or `evidence`, 0 for none."""
        return next((sequence for sequence, kind, _ in reversed(self._order) if kind == source), 0)

    def evidence_contents(self, snapshot: str, ids: Iterable[str]) -> dict[str, str]:
        """Return {evidence id: hash of its content} of the items that a snapshot holds."""
        return {row[0]: row[1] for row in self._rows(snapshot, _CONTENTS, set(ids))}

    def evidence_items(self, snapshot: str, ids: Iterable[str]) -> list[EvidenceItem]:
        """Return the items themselves; an id that several share comes several times."""
        return [
            EvidenceItem(row[0], row[1], row[2], row[3].isoformat() + "Z" if row[3] else None, _json(row[4]))
            for row in self._rows(snapshot, _ITEMS, set(ids))
        ]

    def records(self, snapshot: str, keys: Iterable[RecordKey]) -> dict[RecordKey, dict[str, Any]]:
        """Return {(object, record id): fields} of records in a snapshot of the CRM."""
        wanted = {f"{name}\n{record_id}" for name, record_id in keys}
        return {(row[0], row[1]): _json(row[2]) or {} for row in self._rows(snapshot, _RECORDS, wanted)}

    def kept_records(self, snapshot: str, keys: Iterable[RecordKey]) -> dict[RecordKey, KeptRecord]:
        """Return {(object, record id): record} of records in a snapshot of the CRM."""
        wanted = {f"{name}\n{record_id}" for name, record_id in keys}
        return {
            (row[0], row[1]): KeptRecord(_object(row[2]), _object(row[3]), not row[4])
            for row in self._rows(snapshot, _KEPT_RECORDS, wanted)
        }

    def compared(self, snapshot: str, name: ComparedObject, object_name: str, ids: Iterable[str]) -> dict[str, str]:
        """Return {record id: the values by which it is compared with others} of records in a snapshot of the CRM."""
        query = _COMPARED.format(compared=compared_text(name, "fields"))
        keys = {f"{object_name}\n{record_id}" for record_id in ids}
        return {row[0]: row[1] for row in self._rows(snapshot, query, keys)}

    def _rows(self, snapshot: str, query: str, ids: Collection[str]) -> list[tuple[Any, ...]]:
        import duckdb

        taken = self._taken.get(snapshot)
        if taken is None or not ids:
            return []
        path = self._home.root / taken.path
        _require(path, taken.file_hash)
        with duckdb.connect() as con:
            con.execute("set TimeZone = 'UTC'")
            return con.execute(query, {"path": str(path), "ids": sorted(ids)}).fetchall()


def _require(path: Path, cited: str) -> None:
    state = path.stat() if path.is_file() else None
    if state is None or _hash_of(path, state.st_size, state.st_mtime_ns, state.st_ino) != cited:
        message = f"snapshots/{path.name} is missing or not the file that the ledger cites"
        raise AuditError(message, hint="run `wb audit verify`; restore it from a backup")


@lru_cache(maxsize=256)
def _hash_of(path: Path, _size: int, _modified: int, _inode: int) -> str:
    """Return a file's hash, once for as long as the file looks the same."""
    return file_hash(path)


def _object(text: str | None) -> Mapping[str, Any]:
    found = _json(text)
    return found if isinstance(found, dict) else {}


def _json(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return text
