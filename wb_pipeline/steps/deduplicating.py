"""The dedupe run as one step: load its inputs, score, find, seal. What a duplicate is: `dedupe` and `matching`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.code_version import code_hash
from wb_pipeline.dedupe.judgements import load_judged_pairs
from wb_pipeline.dedupe.live_records import OBJECTS
from wb_pipeline.dedupe.loading import load_dedupe
from wb_pipeline.dedupe.run import deduplicate
from wb_pipeline.dedupe.sealed_runs import latest_run
from wb_pipeline.dedupe.sealing import DedupeInputs
from wb_pipeline.ledger.loading import load_sealed
from wb_pipeline.matching.crm_pairs import score_crm_pairs
from wb_pipeline.matching.standing import stand_ready
from wb_pipeline.sql_project import build
from wb_pipeline.steps.intake import note_policy, require_latest_snapshot
from wb_pipeline.steps.model_store import model_in_force
from wb_pipeline.steps.pictures import load_picture
from wb_pipeline.steps.publishing import publish_dedupe

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.matching.bundle import Bundle
    from wb_pipeline.sql_project import SqlProject

DEDUPE_FOLDER = "dedupe"
"""The folder of the SQL project with the models over a sealed dedupe run."""


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
    policy_hash = note_policy(home, ledger, run.policy_path)
    load_picture(con, home, snapshot_hash, policy_hash)
    load_sealed(con, home, ledger)
    load_judged_pairs(con, ledger)
    stand_ready(con, snapshot_hash, policy_hash)
    _score_pairs(con, snapshot_hash, model_in_force(home, ledger), is_full=run.is_full)
    inputs = DedupeInputs(run.run_id, snapshot_hash, policy_hash, code_hash(), run.is_full, run.clock_at)
    return deduplicate(con, home, ledger, inputs)


def rebuild_duplicates(con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, project: SqlProject) -> int:
    """Bring back the newest dedupe run's tables from the books, publish them, and return the number of sealed runs.

    Scored pairs below the policy's threshold are not on the books: the next run scores them again.
    """
    newest = latest_run(ledger)
    runs = load_dedupe(con, home, ledger)
    if newest:
        load_picture(con, home, newest.seal.snapshot_hash, newest.seal.policy_hash)
        build(con, project, [name for name, model in project.models.items() if model.folder == DEDUPE_FOLDER], {})
        publish_dedupe(con, home)
    return runs


def _score_pairs(con: duckdb.DuckDBPyConnection, snapshot_hash: str, bundle: Bundle, *, is_full: bool) -> None:
    """Bring matching.scored_pairs up to the snapshot: all pairs, or only those that touch a changed record."""
    for name in OBJECTS:
        score_crm_pairs(con, snapshot_hash, name, changed_only=not is_full, bundle=bundle)
