"""The commit point: decisions are checked once more and sealed, or compared with what was sealed (laws 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.errors import OutcomeError
from wb_pipeline.ledger.attempts import finish_attempt
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS
from wb_pipeline.ledger.loading import load_sealed
from wb_pipeline.ledger.segments import seal_run
from wb_pipeline.steps.breakers import breakers_opened

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.manifests import Manifest
    from wb_pipeline.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Sealed:
    """Batch keys this run sealed, found sealed with equal decisions, or found sealed by other code with other ones."""

    sealed: tuple[str, ...]
    verified: tuple[str, ...]
    differing: tuple[str, ...]


# What a table held when it was judged, so that nothing else is sealed in its place.
_DIGEST = """
select count(*), coalesce(cast(bit_xor(hash(decided)) as varchar), '')
from main.int_changes_decided as decided
where manifest_id = $manifest_id
"""


def attest_outcomes(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Note in checks.outcome_attestations (grain manifest) on which decisions all outcome checks passed."""
    con.execute(
        "create or replace table checks.outcome_attestations "
        "(run_id varchar, manifest_id varchar, decisions bigint, decisions_digest varchar)"
    )
    for (manifest_id,) in con.execute("select manifest_id from raw.run_manifests").fetchall():
        rows, digest = con.execute(_DIGEST, {"manifest_id": manifest_id}).fetchall()[0]
        con.execute("insert into checks.outcome_attestations values (?, ?, ?, ?)", [run_id, manifest_id, rows, digest])


def seal_decisions(
    con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, run_id: str, manifests: list[Manifest], code_hash: str
) -> Sealed:
    """Seal every manifest of the run and bring books.* up to date.

    Raises OutcomeError unless the outcome checks passed on exactly these decisions in this run: a check that was
    skipped in the orchestrator seals nothing.
    """
    outcomes = []
    for manifest in manifests:
        _require_attested(con, run_id, manifest.manifest_id)
        decisions = con.sql(
            f"select {', '.join(DECISION_COLUMNS)} from main.int_changes_decided where manifest_id = ?",  # noqa: S608 - our own names; values are parameters
            params=[manifest.manifest_id],
        )
        opened = breakers_opened(con, manifest.manifest_id)
        outcome = seal_run(con, home, ledger, manifest, decisions, run_id=run_id, code_hash=code_hash, beside=opened)
        finish_attempt(ledger, run_id, "sealed" if outcome.sealed else "verified", manifest.manifest_id)
        outcomes.append(outcome)
    load_sealed(con, home, ledger)
    return Sealed(
        tuple(key for outcome in outcomes for key in outcome.sealed),
        tuple(key for outcome in outcomes for key in outcome.verified),
        tuple(key for outcome in outcomes for key in outcome.differing),
    )


def _require_attested(con: duckdb.DuckDBPyConnection, run_id: str, manifest_id: str) -> None:
    con.execute("create schema if not exists checks")
    found = con.execute(
        "select 1 from information_schema.tables where table_schema = 'checks' and table_name = 'outcome_attestations'"
    ).fetchall()
    passed = (
        found
        and con.execute(
            "select decisions, decisions_digest from checks.outcome_attestations where run_id = ? and manifest_id = ?",
            [run_id, manifest_id],
        ).fetchall()
    )
    if not passed or passed[0] != con.execute(_DIGEST, {"manifest_id": manifest_id}).fetchall()[0]:
        message = (
            f"nothing is sealed: the outcome checks did not pass on these decisions of manifest {manifest_id[:16]}"
        )
        raise OutcomeError(message, hint="run the whole job; a failed check is shown beside int_changes_decided")
