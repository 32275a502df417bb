"""Schema `prepared`: one snapshot of the CRM in comparable form. Only records that changed are prepared again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.matching.prepare.changes import exchange_changed, find_changed
from wb_pipeline.matching.prepare.domains import DomainLists, write_domains
from wb_pipeline.matching.prepare.frequencies import write_frequencies
from wb_pipeline.matching.prepare.relation import TABLES, Kind, prepare_relation
from wb_pipeline.matching.prepare.state import can_be_changed, write_state
from wb_pipeline.matching.prepare.version import preparation_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from wb_pipeline.matching.prepare.field_names import FieldNames

# Above this share of changed records, preparing all is quicker than exchanging some.
_MOST_CHANGED = 0.3
_SOURCE = """
select
    object, record_id, fields, created_at, updated_at,
    is_archived is false and coalesce(merged_into_id, '') = '' as is_live
from raw.crm_records where snapshot_hash = getvariable('prepared_snapshot')
"""


@dataclass(frozen=True, slots=True)
class PreparedCrm:
    """What one call did: records, those prepared anew and those kept as they were, per object; domains; seconds.

    Leads count as contacts. Records that are gone are in none of the counts.
    """

    records: Mapping[str, int]
    changed: Mapping[str, int]
    kept: Mapping[str, int]
    domains: int
    seconds: float


def prepare_crm(
    con: duckdb.DuckDBPyConnection,
    snapshot_hash: str,
    *,
    domains: DomainLists,
    contact_fields: FieldNames | None = None,
    company_fields: FieldNames | None = None,
) -> PreparedCrm:
    """Bring the schema `prepared` to the snapshot `snapshot_hash` of raw.crm_records.

    Writes prepared.contacts, companies, frequencies, domains and state in one transaction of its own: a process that is
    killed leaves what was there before. Where the tables hold another snapshot, only records whose fields, times or
    life differ are prepared again; where they are damaged, missing or of another version of preparation, all are.
    """
    started = time.perf_counter()
    version = preparation_version(contact_fields, company_fields)
    is_sound = can_be_changed(con, version)
    con.execute("set variable prepared_snapshot = ?", [snapshot_hash])
    con.execute("begin")
    try:
        con.execute("create schema if not exists prepared")
        changed = _bring_up_to_date(con, {"contact": contact_fields, "company": company_fields}, is_sound=is_sound)
        found = write_domains(con, domains)
        records = write_state(con, snapshot_hash, version)
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")
    kept = {kind: records[kind] - changed[kind] for kind in records}
    return PreparedCrm(records, changed, kept, found, time.perf_counter() - started)


def _bring_up_to_date(
    con: duckdb.DuckDBPyConnection, fields: Mapping[Kind, FieldNames | None], *, is_sound: bool
) -> dict[str, int]:
    """Change the prepared tables or write them anew, whichever is possible and quicker; return the records prepared."""
    if is_sound:
        changed: dict[str, int] = {kind: find_changed(con, _SOURCE, kind) for kind in TABLES}
        if sum(changed.values()) <= _MOST_CHANGED * _count(con):
            exchange_changed(con, _SOURCE, fields)
            return changed
    con.execute("drop table if exists prepared.domain_parts")
    for kind, table in TABLES.items():
        prepare_relation(con, _SOURCE, into=f"prepared.{table}", object=kind, fields=fields[kind])
    write_frequencies(con)
    return {kind: _rows(con, table) for kind, table in TABLES.items()}


def _count(con: duckdb.DuckDBPyConnection) -> int:
    return sum(_rows(con, table) for table in TABLES.values())


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"select count(*) from prepared.{table}").fetchall()[0][0])  # noqa: S608 - a name of ours
