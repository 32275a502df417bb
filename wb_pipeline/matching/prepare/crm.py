"""Schema `prepared`: one snapshot of the CRM in comparable form. Only records that changed are prepared again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.matching.prepare.domains import DomainLists, write_domains
from wb_pipeline.matching.prepare.frequencies import write_frequencies
from wb_pipeline.matching.prepare.relation import prepare_relation
from wb_pipeline.matching.prepare.version import preparation_version

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.matching.prepare.field_names import FieldNames

# Above this share of changed records, preparing all is quicker than exchanging some.
_MOST_CHANGED = 0.3
_KINDS = {"contact": "contacts", "company": "companies"}
_SOURCE = """
select
    object, record_id, fields, created_at, updated_at,
    is_archived is false and coalesce(merged_into_id, '') = '' as is_live
from raw.crm_records where snapshot_hash = getvariable('prepared_snapshot')
"""


@dataclass(frozen=True, slots=True)
class PreparedCrm:
    """What one call did: records, those prepared anew and those kept as they were, per object; domains; seconds."""

    records: dict[str, int]
    changed: dict[str, int]
    kept: dict[str, int]
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
    """Bring the schema `prepared` to the snapshot `snapshot_hash` of raw.crm_records, in one transaction."""
    started = time.perf_counter()
    con.execute("set variable prepared_snapshot = ?", [snapshot_hash])
    con.execute("begin")
    con.execute("create schema if not exists prepared")
    con.execute("drop table if exists prepared.domain_parts")
    prepare_relation(con, _SOURCE, into="prepared.contacts", object="contact", fields=contact_fields)
    prepare_relation(con, _SOURCE, into="prepared.companies", object="company", fields=company_fields)
    write_frequencies(con)
    found = write_domains(con, domains)
    con.execute(
        "create or replace table prepared.state as select ? as snapshot_hash, ? as version",
        [snapshot_hash, preparation_version(contact_fields, company_fields)],
    )
    con.execute("commit")
    counts = {
        kind: con.execute(f"select count(*) from prepared.{table}").fetchall()[0][0]
        for kind, table in _KINDS.items()  # noqa: S608
    }
    return PreparedCrm(counts, counts, dict.fromkeys(counts, 0), found, time.perf_counter() - started)
