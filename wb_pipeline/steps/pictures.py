"""One more CRM snapshot and policy in the warehouse, beside those of the last run over batches. Nothing is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.connectors.snapshots import load_snapshots
from wb_pipeline.policy.store import read_policy
from wb_pipeline.policy.tables import load_policy_tables

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.home import Home

_MANIFESTS = "select snapshot_hash, evidence_hash, policy_hash from raw.run_manifests"


def load_picture(con: duckdb.DuckDBPyConnection, home: Home, snapshot_hash: str, policy_hash: str) -> None:
    """Bring a snapshot into raw.crm_records and a policy into schema policy; what the last run's manifests name stays.

    A snapshot that stands there already is taken as it stands; those of earlier dedupe runs go.
    """
    manifests = con.execute(_MANIFESTS).fetchall() if _stands(con, "run_manifests") else []
    snapshots, evidence, policies = ({row[place] for row in manifests} for place in range(3))
    if not _is_loaded(con, snapshot_hash):
        load_snapshots(con, home, snapshots | {snapshot_hash}, evidence)
    load_policy_tables(con, [read_policy(home, each) for each in sorted(policies | {policy_hash})])


def _is_loaded(con: duckdb.DuckDBPyConnection, snapshot_hash: str) -> bool:
    if not _stands(con, "crm_records"):
        return False
    query = "select 1 from raw.crm_records where snapshot_hash = ? limit 1"
    return bool(con.execute(query, [snapshot_hash]).fetchall())


def _stands(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    query = "select 1 from information_schema.tables where table_schema = 'raw' and table_name = ?"
    return bool(con.execute(query, [table]).fetchall())
