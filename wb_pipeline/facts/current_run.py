"""Temporary views over raw.*: what the current run reads. No facts here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_RUN_INPUTS = """
create or replace temp view run_inputs as
select distinct
    manifests.manifest_id, manifests.snapshot_hash, manifests.evidence_hash, manifests.policy_hash, batches.batch_key
from raw.run_manifests as manifests
inner join raw.run_batches as batches
    on batches.manifest_id = manifests.manifest_id and batches.run_id = manifests.run_id
"""
_RUN_PROPOSALS = """
create or replace temp view run_proposals as
select
    run_inputs.manifest_id, run_inputs.snapshot_hash, run_inputs.evidence_hash, run_inputs.policy_hash,
    lines.batch_key, lines.proposal_key, lines.action, lines.object, lines.target_id, lines.target_match, lines.payload
from run_inputs
inner join raw.proposal_lines as lines on lines.batch_key = run_inputs.batch_key
where lines.is_readable is true
"""
_RUN_CHANGES = """
create or replace temp view run_changes as
select
    run_proposals.manifest_id, run_proposals.snapshot_hash, run_proposals.policy_hash,
    run_proposals.action, run_proposals.object, changes.proposal_key, changes.change_id, changes.ordinal,
    changes.field_as_given, changes.operation, changes.new_value
from run_proposals
inner join raw.proposal_changes as changes
    on changes.batch_key = run_proposals.batch_key and changes.proposal_key = run_proposals.proposal_key
where changes.is_action_row is false
"""
_NAMED_CHANGES = """
create or replace temp view named_changes as
select run_changes.*, field_names.field
from run_changes
left join facts.field_names
    on
        field_names.manifest_id = run_changes.manifest_id
        and field_names.object is not distinct from run_changes.object
        and field_names.field_as_given is not distinct from run_changes.field_as_given
"""


def open_run(con: duckdb.DuckDBPyConnection) -> None:
    """Make schema facts and the temporary views of the current run; cheap, may be called by every writer.

    run_inputs     grain (manifest, batch): manifest_id, the three hashes, batch_key
    run_proposals  grain readable line: the keys and hashes, action, object, target_id, target_match, payload
    run_changes    grain change of a readable line, without action rows
    """
    con.execute("create schema if not exists facts")
    for view in (_RUN_INPUTS, _RUN_PROPOSALS, _RUN_CHANGES):
        con.execute(view)


def open_named_changes(con: duckdb.DuckDBPyConnection) -> None:
    """Like `open_run`, and named_changes: run_changes plus `field`, the CRM's own name. Reads facts.field_names."""
    open_run(con)
    con.execute(_NAMED_CHANGES)


def count_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return the rows of one of this package's own tables (`table` never comes from outside)."""
    return int(con.execute(f"select count(*) from {table}").fetchall()[0][0])  # noqa: S608 - a constant of ours
