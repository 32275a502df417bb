"""Runs a run's confidence and evidence gates; writes objections, attestations and results. Rules stand elsewhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wb_pipeline.errors import GateBrokenError
from wb_pipeline.expectations import confidence, evidence
from wb_pipeline.expectations.judge import judge_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb
    import pandas as pd

    from wb_pipeline.expectations.model import ExpectationOutcome, JudgedTable

# Emptied before anything is judged: a run whose gates break leaves no attestation of an earlier one behind.
_CREATE = (
    "create schema if not exists checks",
    """create or replace table checks.expectation_objections (
        manifest_id varchar, proposal_id varchar, change_id varchar, gate varchar, reason varchar, details varchar
    )""",
    """create or replace table checks.expectation_attestations (
        run_id varchar, manifest_id varchar, gate varchar,
        changes_seen bigint, changes_digest varchar, objections bigint
    )""",
    """create or replace table checks.expectation_results (
        run_id varchar, manifest_id varchar, suite varchar, expectation varchar, column_name varchar,
        success boolean, evaluated bigint, unexpected bigint
    )""",
)

# What is attested is what was handed over: the frame itself, not the table it was read from.
_ATTEST = """
insert into checks.expectation_attestations
select $run_id, $manifest_id, $gate, count(*), cast(bit_xor(hash(change_id)) as varchar), $objections
from judged_rows
"""
_ATTEST_NOTHING = "insert into checks.expectation_attestations values ($run_id, $manifest_id, $gate, 0, null, 0)"


def judge_changes(con: duckdb.DuckDBPyConnection, run_id: str) -> list[ExpectationOutcome]:
    """Judge every change of the run's manifests, each manifest by its own policy.

    Reads main.int_changes_with_context, raw.run_manifests, raw.run_batches, raw.proposal_changes and policy.settings.
    Replaces checks.expectation_objections (grain: change and gate), checks.expectation_attestations (manifest and gate)
    and checks.expectation_results (manifest, suite and expectation). Returns the outcomes of all manifests in turn.

    Raises GateBrokenError when a gate cannot be judged: the run has to stop (EXC-3).
    """
    for statement in _CREATE:
        con.execute(statement)
    manifests = con.execute(
        "select manifest_id, policy_hash from raw.run_manifests where run_id = ? order by manifest_id", [run_id]
    ).fetchall()
    outcomes: list[ExpectationOutcome] = []
    for manifest_id, policy_hash in manifests:
        thresholds = _thresholds(con, policy_hash)
        keys = {"run_id": run_id, "manifest_id": manifest_id}
        outcomes += _judge(
            con, confidence.confidence_table(**thresholds), confidence.REASONS, confidence.OBJECTIONS, keys | thresholds
        )
        outcomes += _judge(con, evidence.evidence_table(), evidence.REASONS, evidence.OBJECTIONS, keys)
    return outcomes


def _thresholds(con: duckdb.DuckDBPyConnection, policy_hash: str) -> dict[str, float]:
    """Return the two thresholds of a policy. Raises GateBrokenError unless there is exactly one, finite, of each."""
    rows = con.execute(
        "select auto_confidence_from, suggest_confidence_from from policy.settings where policy_hash = ?", [policy_hash]
    ).fetchall()
    if len(rows) != 1 or not all(value is not None and math.isfinite(value) for value in rows[0]):
        message = f"{confidence.BELOW_SUGGEST_BAND} is broken: policy {policy_hash} has no single pair of thresholds"
        raise GateBrokenError(message, hint="Nothing was approved. Check the policy with `wb policy check`.")
    return {"auto_confidence_from": float(rows[0][0]), "suggest_confidence_from": float(rows[0][1])}


def _judge(
    con: duckdb.DuckDBPyConnection,
    table: JudgedTable,
    reasons: Mapping[str, str],
    objections_sql: str,
    parameters: dict[str, object],
) -> list[ExpectationOutcome]:
    frame, outcomes = judge_table(con, table, parameters)
    keys = {name: parameters[name] for name in ("run_id", "manifest_id")}
    _keep_results(con, outcomes, keys)
    if frame.empty:
        for gate in reasons:
            con.execute(_ATTEST_NOTHING, {**keys, "gate": gate})
        return outcomes
    con.register("judged_rows", frame)
    try:
        _object(con, outcomes, reasons, objections_sql, parameters)
        for each in outcomes:
            if each.gate:
                con.execute(_ATTEST, {**keys, "gate": each.gate, "objections": each.unexpected})
    finally:
        con.unregister("judged_rows")
    return outcomes


def _keep_results(
    con: duckdb.DuckDBPyConnection, outcomes: Sequence[ExpectationOutcome], keys: Mapping[str, object]
) -> None:
    con.executemany(
        "insert into checks.expectation_results values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [*keys.values(), one.suite, one.expectation, one.column_name, one.success, one.evaluated, one.unexpected]
            for one in outcomes
        ],
    )


def _object(
    con: duckdb.DuckDBPyConnection,
    outcomes: Sequence[ExpectationOutcome],
    reasons: Mapping[str, str],
    objections_sql: str,
    parameters: Mapping[str, object],
) -> None:
    """Write one objection per gate and failing change."""
    failing = _failing_rows(outcomes, reasons)
    if failing.empty:
        return
    used = {name: value for name, value in parameters.items() if f"${name}" in objections_sql}
    con.register("failing_rows", failing)
    try:
        con.execute(objections_sql, used)
    finally:
        con.unregister("failing_rows")


def _failing_rows(outcomes: Sequence[ExpectationOutcome], reasons: Mapping[str, str]) -> pd.DataFrame:
    """Return one row (change_id, gate, reason) per objection."""
    import pandas as pd

    rows = [
        (change_id, each.gate, reasons[each.gate])
        for each in outcomes
        if each.gate
        for change_id in each.unexpected_ids
    ]
    return pd.DataFrame(rows, columns=["change_id", "gate", "reason"], dtype=object)
