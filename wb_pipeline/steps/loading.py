"""Puts the inputs of a run's manifests into the warehouse, each by its hash: batches, snapshots, policies, books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.connectors.snapshots import load_snapshots
from wb_pipeline.contract.parse import parse_batch
from wb_pipeline.ledger.kinds import ManifestCommitted
from wb_pipeline.ledger.loading import load_sealed
from wb_pipeline.ledger.manifests import Manifest
from wb_pipeline.policy.store import read_policy
from wb_pipeline.policy.tables import load_policy_tables
from wb_pipeline.steps.intake import received_batches, snapshot_taken_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from wb_pipeline.contract.parse import ParsedBatch
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.load import Policy

_RUN_TABLES = (
    "create schema if not exists raw",
    """create or replace table raw.run_manifests (
        run_id varchar, manifest_id varchar, snapshot_hash varchar, evidence_hash varchar, policy_hash varchar,
        model_hash varchar, code_hash varchar, ledger_sequence bigint, ledger_head varchar, clock_at timestamp,
        snapshot_taken_at timestamp
    )""",
    """create or replace table raw.run_batches (
        run_id varchar, manifest_id varchar, batch_key varchar, file_name varchar, file_format varchar,
        is_readable boolean, problem varchar, line_count bigint
    )""",
)


def load_run(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    ledger: Ledger,
    run_id: str,
    manifests: Sequence[Manifest],
    candidate: Policy | None = None,
) -> None:
    """Replace raw.run_manifests, raw.crm_records, raw.evidence_items, policy.* and bring books.* up to the ledger.

    raw.run_batches is emptied; `parse_batches` fills it. What an earlier run left in raw is gone: one run, one picture.
    `candidate`: a policy that nobody ran with, for manifests that name it; all others are read from the books.
    """
    for statement in _RUN_TABLES:
        con.execute(statement)
    for manifest in manifests:
        con.execute(
            "insert into raw.run_manifests values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                run_id,
                manifest.manifest_id,
                manifest.snapshot_hash,
                manifest.evidence_hash,
                manifest.policy_hash,
                manifest.model_hash,
                manifest.code_hash,
                manifest.ledger_sequence,
                manifest.ledger_head,
                manifest.clock_at.replace(tzinfo=None),
                snapshot_taken_at(ledger, manifest),
            ],
        )
    crm_hashes = [manifest.snapshot_hash for manifest in manifests]
    load_snapshots(con, home, crm_hashes, [manifest.evidence_hash for manifest in manifests])
    wanted = sorted({manifest.policy_hash for manifest in manifests})
    load_policy_tables(con, [_policy(home, policy_hash, candidate) for policy_hash in wanted])
    load_sealed(con, home, ledger)


def _policy(home: Home, policy_hash: str, candidate: Policy | None) -> Policy:
    if candidate is not None and candidate.policy_hash == policy_hash:
        return candidate
    return read_policy(home, policy_hash)


def parse_batches(
    con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, manifests: Sequence[Manifest] | None = None
) -> list[str]:
    """Parse the archived batches of the run's manifests into raw.proposal_* and raw.run_batches.

    `manifests`: the run's, where the ledger does not hold them because they are only tried.
    Returns a line for each file that could not be read at all: it is quarantined as a whole, the others go on (CON-2).
    """
    received = received_batches(home, ledger)
    run_id = con.execute("select distinct run_id from raw.run_manifests").fetchall()[0][0]
    con.execute("delete from raw.run_batches")
    problems: list[str] = []
    keys = [(m.manifest_id, key) for m in manifests or run_manifests(con, ledger) for key in m.batches]
    for number, (manifest_id, batch_key) in enumerate(keys):
        batch = received[batch_key]
        parsed = parse_batch(batch.path, batch_key=batch_key, file_name=batch.file_name)
        _keep_parsed(con, parsed, is_first=number == 0)
        row = [run_id, manifest_id, batch_key, batch.file_name, parsed.file_format, parsed.is_readable]
        row += [parsed.problem, parsed.line_count]
        con.execute("insert into raw.run_batches values (?, ?, ?, ?, ?, ?, ?, ?)", row)
        problems += [parsed.problem] if parsed.problem else []
    return problems


def _keep_parsed(con: duckdb.DuckDBPyConnection, parsed: ParsedBatch, *, is_first: bool) -> None:
    tables = {
        "proposal_lines": parsed.lines,
        "proposal_changes": parsed.changes,
        "proposal_citations": parsed.citations,
    }
    for table, rows in tables.items():
        con.register("parsed_rows", rows)
        how = f"create or replace table raw.{table} as" if is_first else f"insert into raw.{table} by name"
        con.execute(f"{how} select * from parsed_rows")  # noqa: S608  (our own table names)
        con.unregister("parsed_rows")


def run_manifests(con: duckdb.DuckDBPyConnection, ledger: Ledger) -> list[Manifest]:
    """Return the manifests of the run that stands in the warehouse, as the ledger holds them."""
    wanted = {row[0] for row in con.execute("select manifest_id from raw.run_manifests").fetchall()}
    events = ledger.events(ManifestCommitted.kind)
    return [Manifest.from_event(event) for event in events if event.subject in wanted]
