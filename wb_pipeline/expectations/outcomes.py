"""The blocking suite on what goes out: an independent judge of main.int_changes_decided. SQL: outcome_facts.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.errors import GateBrokenError, OutcomeError
from wb_pipeline.expectations import outcome_facts
from wb_pipeline.expectations.contract import require_run
from wb_pipeline.expectations.judge import judge_table
from wb_pipeline.expectations.model import Expectation, JudgedTable, fact_is

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from wb_pipeline.expectations.model import ExpectationOutcome

SUITE = "outcomes"
LANES = ("auto", "suggest", "review", "deny", "quarantine", "noop")
_IDS_SHOWN = 5

_BATCHES = JudgedTable(
    suite=SUITE,
    grain="batch",
    id_column="batch_key",
    facts_sql="""
with incoming as (
    select batch_key, count(*) as row_count from judged_incoming group by batch_key
),
decided as (
    select batch_key, count(*) as row_count from main.int_changes_decided group by batch_key
)
select
    batches.batch_key,
    coalesce(decided.row_count, 0) - coalesce(incoming.row_count, 0) as surplus_rows
from (select distinct batch_key from raw.run_batches where run_id = $run_id) as batches
left join incoming on batches.batch_key = incoming.batch_key
left join decided on batches.batch_key = decided.batch_key
""",
    count_sql="select count(distinct batch_key) from raw.run_batches where run_id = $run_id",
    expectations=(Expectation("rows_in_are_rows_out", "in_set", "surplus_rows", allowed=(0,)),),
)

_CHANGES = JudgedTable(
    suite=SUITE,
    grain="change",
    id_column="change_id",
    facts_sql="""
with decided as (
    select manifest_id, change_id, count(*) as decisions from main.int_changes_decided group by manifest_id, change_id
)
select incoming.change_id, coalesce(decided.decisions, 0) as decisions
from judged_incoming as incoming
left join decided on incoming.manifest_id = decided.manifest_id and incoming.change_id = decided.change_id
""",
    count_sql="""
select
    (
        select count(*) from raw.proposal_changes
        where batch_key in (select batch_key from raw.run_batches where run_id = $run_id)
    ) + (
        select count(*) from raw.proposal_lines
        where is_readable is not true and batch_key in (select batch_key from raw.run_batches where run_id = $run_id)
    )
""",
    expectations=(Expectation("every_change_is_decided_once", "in_set", "decisions", allowed=(1,)),),
)

_DECISIONS = JudgedTable(
    suite=SUITE,
    grain="decision",
    id_column="change_id",
    facts_sql=outcome_facts.DECISIONS,
    count_sql="select count(*) from main.int_changes_decided",
    expectations=(
        Expectation("every_lane_is_one_of_six", "in_set", "lane", allowed=LANES),
        fact_is("is_known_change", wanted=True, name="every_decision_is_about_something_that_came_in"),
        fact_is("is_unread_line_let_in", wanted=False, name="an_unread_line_stays_in_quarantine"),
        fact_is("is_action_changed", wanted=False, name="the_action_is_the_one_proposed"),
        fact_is("is_field_changed", wanted=False, name="the_field_is_the_one_proposed"),
        fact_is("is_locked_auto", wanted=False, name="nothing_locked_is_automatic"),
        fact_is("is_ungranted_passing", wanted=False, name="nothing_ungranted_passes"),
        fact_is("is_high_impact_auto", wanted=False, name="nothing_of_high_impact_is_automatic"),
        fact_is("is_objection_ignored", wanted=False, name="no_objection_is_ignored"),
        fact_is("is_ahead_of_its_action", wanted=False, name="no_field_is_ahead_of_its_action"),
        fact_is("is_passing_without_required_field", wanted=False, name="a_create_waits_for_its_required_fields"),
        fact_is("is_suggested_nowhere", wanted=False, name="a_suggestion_has_its_suggestion_field"),
        fact_is("is_auto_unsure", wanted=False, name="what_is_automatic_is_confident_enough"),
        fact_is("is_suggestion_unsure", wanted=False, name="what_is_suggested_is_confident_enough"),
        fact_is("is_noop_without_cause", wanted=False, name="a_noop_repeats_something_or_is_already_so"),
    ),
)

TABLES = (_BATCHES, _CHANGES, _DECISIONS)

TABLES = (_BATCHES, _CHANGES, _DECISIONS)


def judge_outcomes(con: duckdb.DuckDBPyConnection, run_id: str) -> list[ExpectationOutcome]:
    """Return what the suite found in main.int_changes_decided.

    It is held against raw.*, facts.field_names, policy.*, the gates' tables and checks.expectation_objections. Cheap
    enough to run again before sealing, publishing and applying (law 6). Hand the result to `require`.

    Raises GateBrokenError when something cannot be judged, or the run is not the one in the tables.
    """
    require_run(con, run_id)
    _prepare(con, run_id)
    try:
        parameters = {"run_id": run_id}
        return [outcome for table in TABLES for outcome in judge_table(con, table, parameters)[1]]
    finally:
        for name in ("judged_incoming", "judged_objections", "judged_ranked"):
            con.execute("drop table if exists temp." + name)


def require(outcomes: Iterable[ExpectationOutcome]) -> None:
    """Raise OutcomeError listing each failing expectation of a blocking suite with its count and first ids.

    Outcomes of gates are objections, not faults, and are left out. Nothing judged at all is a fault too.
    """
    judged = [each for each in outcomes if each.gate is None]
    if not judged:
        message = "no blocking expectation was judged"
        raise OutcomeError(message, hint="Run the contract and outcome suites before going on.")
    failing = [each for each in judged if not each.success]
    if failing:
        lines = [f"{len(failing)} blocking expectations failed:", *(_line(each) for each in failing)]
        raise OutcomeError("\n".join(lines), hint="Nothing was sealed or published. This is a fault of the pipeline.")


def _line(outcome: ExpectationOutcome) -> str:
    shown = ", ".join(outcome.unexpected_ids[:_IDS_SHOWN])
    more = ", ..." if outcome.unexpected > _IDS_SHOWN else ""
    counts = f"{outcome.unexpected} of {outcome.evaluated}"
    return f"  {outcome.suite}: {outcome.expectation.replace('_', ' ')}: {counts} ({shown}{more})"


def _prepare(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Make the judge's own temporary tables. Raises GateBrokenError when a table that they need is missing."""
    import duckdb

    try:
        con.execute(outcome_facts.INCOMING, {"run_id": run_id})
        con.execute(outcome_facts.OBJECTIONS)
        con.execute(outcome_facts.OBJECTIONS_OF_EXPECTATIONS)
        for (gate,) in con.execute(outcome_facts.GATE_TABLES).fetchall():
            con.execute(outcome_facts.OBJECTIONS_OF_GATE, {"gate": gate})
        con.execute(outcome_facts.RANKED, {"run_id": run_id})
    except duckdb.Error as error:
        message = f"suite {SUITE} is broken: what came in cannot be read again: {error}"
        raise GateBrokenError(message, hint="Nothing was sealed. This is a fault of the pipeline.") from error
