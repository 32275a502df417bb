"""Brings the warehouse to where pairs can be compared: the prepared CRM of a snapshot, its bases and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.canonical import content_hash
from wb_pipeline.matching.frequencies import write_frequencies
from wb_pipeline.matching.inputs import write_bases
from wb_pipeline.matching.prepare import DomainLists, PreparedCrm, prepare_crm

if TYPE_CHECKING:
    import duckdb


def stand_ready(con: duckdb.DuckDBPyConnection, snapshot_hash: str, policy_hash: str) -> PreparedCrm:
    """Prepare the snapshot (only what changed), then count: schema prepared, matching.*_base, matching.frequencies.

    Reads raw.crm_records and the policy's mail domains and aliases. What stands already is left as it is.
    """
    lists = domain_lists(con, policy_hash)
    prepared = prepare_crm(con, snapshot_hash, domains=lists)
    wanted = content_hash([snapshot_hash, policy_hash, _version(con)])
    con.execute("create schema if not exists matching")
    con.execute("create table if not exists matching.counted_for (state varchar)")
    if con.execute("select state from matching.counted_for").fetchall() != [(wanted,)]:
        con.execute("delete from matching.counted_for")
        write_bases(con)
        write_frequencies(con)
        con.execute("insert into matching.counted_for values (?)", [wanted])
    return prepared


def domain_lists(con: duckdb.DuckDBPyConnection, policy_hash: str) -> DomainLists:
    """Return what a policy knows of domains, from the policy tables."""
    rows = con.execute("select kind, domain from policy.mail_domains where policy_hash = ?", [policy_hash]).fetchall()
    by_kind = {
        kind: frozenset(domain for its, domain in rows if its == kind) for kind in ("personal", "disposable", "own")
    }
    aliases = con.execute(
        "select alias_domain, domain from policy.domain_aliases where policy_hash = ?", [policy_hash]
    ).fetchall()
    return DomainLists(by_kind["personal"], by_kind["disposable"], by_kind["own"], dict(aliases))


def _version(con: duckdb.DuckDBPyConnection) -> str:
    return str(con.execute("select version from prepared.state").fetchall()[0][0])
