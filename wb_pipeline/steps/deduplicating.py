"""The dedupe run as one step: load its inputs, score, find, seal. What a duplicate is: `dedupe` and `matching`."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from wb_pipeline.code_version import code_hash
from wb_pipeline.connectors.snapshots import load_snapshots
from wb_pipeline.dedupe.judgements import load_judged_pairs
from wb_pipeline.dedupe.live_records import OBJECTS
from wb_pipeline.dedupe.run import deduplicate
from wb_pipeline.dedupe.sealing import DedupeInputs
from wb_pipeline.ledger.loading import load_sealed
from wb_pipeline.policy.store import read_policy
from wb_pipeline.policy.tables import load_policy_tables
from wb_pipeline.steps.intake import register_policy, require_latest_snapshot

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger


@dataclass(frozen=True)
class DedupeRun:
    """What one run was asked for. `is_full`: score every pair again, not only those that touch a changed record."""

    run_id: str
    is_full: bool
    policy_path: Path
    clock_at: datetime


def find_duplicates(con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, run: DedupeRun) -> Event:
    """Score the latest snapshot's pairs, find the duplicates among them and seal them (IDN-10, IDN-11)."""
    snapshot_hash = require_latest_snapshot(ledger, "crm")
    policy_hash = register_policy(home, ledger, run.policy_path)
    _load(con, home, ledger, snapshot_hash, policy_hash)
    for name in OBJECTS:
        _score(con, snapshot_hash, name, changed_only=not run.is_full)
    inputs = DedupeInputs(run.run_id, snapshot_hash, policy_hash, code_hash(), run.is_full, run.clock_at)
    return deduplicate(con, home, ledger, inputs)


def _load(con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, snapshot_hash: str, policy_hash: str) -> None:
    """Put the snapshot, the policy, sealed decisions and people's judgements into the warehouse.

    A snapshot that an earlier run left in raw.crm_records is taken as it stands.
    """
    if not _stands(con, snapshot_hash):
        load_snapshots(con, home, [snapshot_hash], [])
    load_policy_tables(con, [read_policy(home, policy_hash)])
    load_sealed(con, home, ledger)
    load_judged_pairs(con, ledger)


def _stands(con: duckdb.DuckDBPyConnection, snapshot_hash: str) -> bool:
    query = "select 1 from information_schema.tables where table_schema = 'raw' and table_name = 'crm_records'"
    if not con.execute(query).fetchall():
        return False
    found = con.execute("select 1 from raw.crm_records where snapshot_hash = ? limit 1", [snapshot_hash])
    return bool(found.fetchall())


class _ScoreCrmPairs(Protocol):
    def __call__(
        self, con: duckdb.DuckDBPyConnection, snapshot_hash: str, object_name: str, /, *, changed_only: bool
    ) -> None: ...


def _score(con: duckdb.DuckDBPyConnection, snapshot_hash: str, object_name: str, *, changed_only: bool) -> None:
    module = importlib.import_module("wb_pipeline.matching.crm_pairs")
    score = cast("_ScoreCrmPairs", module.score_crm_pairs)
    score(con, snapshot_hash, object_name, changed_only=changed_only)
