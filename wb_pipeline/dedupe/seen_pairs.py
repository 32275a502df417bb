"""Two records as they stand in the kept snapshot that a person looked at. What the person says: `judgements`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.connectors.snapshots import snapshot_path
from wb_pipeline.dedupe.compared_fields import compared_text
from wb_pipeline.dedupe.judgements import SeenPair, SeenRecord
from wb_pipeline.dedupe.live_records import OBJECTS, ComparedObject
from wb_pipeline.dedupe.sealed_runs import latest_run
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger


def seen_pair(home: Home, ledger: Ledger, one: str, other: str) -> SeenPair:
    """Return two live records of the last dedupe run's snapshot, by their ids.

    Raises InputError before the first run, for an id that is not there or not live, and where both ids are those of
    two contacts and of two companies.
    """
    run = latest_run(ledger)
    if run is None:
        raise InputError("no duplicates were ever looked for", hint="run `wb dedupe` first")
    found = {name: _read(home, run.seal.snapshot_hash, name, (one, other)) for name in OBJECTS}
    pairs = [SeenPair(name, *records) for name, records in found.items() if len(records) == len({one, other}) > 1]
    if len(pairs) != 1:
        raise _not_a_pair(found, one, other)
    return pairs[0]


def _read(home: Home, snapshot_hash: str, name: ComparedObject, ids: tuple[str, str]) -> list[SeenRecord]:
    import duckdb

    query = (
        f"select record_id, {compared_text(name, 'fields')} from read_parquet($path) "  # noqa: S608 - our own field names; values are parameters
        "where list_contains($ids, record_id) and list_contains($objects, object) "
        "and is_archived is false and coalesce(merged_into_id, '') = '' "
        "qualify row_number() over (partition by record_id order by object) = 1 order by record_id"
    )
    path = snapshot_path(home, "crm", snapshot_hash)
    if not path.is_file():
        raise InputError(f"the snapshot {path.name} is missing", hint="restore it from a backup, or run `wb dedupe`")
    given = {"path": str(path), "ids": list(ids), "objects": list(OBJECTS[name])}
    with duckdb.connect() as con:
        return [SeenRecord(*row) for row in con.execute(query, given).fetchall()]


def _not_a_pair(found: dict[ComparedObject, list[SeenRecord]], one: str, other: str) -> InputError:
    known = {record.record_id for records in found.values() for record in records}
    missing = [record_id for record_id in (one, other) if record_id not in known]
    if one == other:
        return InputError("a record cannot be compared with itself", hint="name two different records")
    if missing:
        return InputError(
            f"no live record {missing[0]!r} in the CRM as it was last deduplicated", hint="is it spelt right?"
        )
    return InputError(
        f"{one!r} and {other!r} are not two people or two companies", hint="only like is compared with like"
    )
