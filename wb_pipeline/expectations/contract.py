"""The blocking suite on what came in: nothing lost, nothing unread taken as read (CON-2, CON-3). No gate here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.errors import GateBrokenError
from wb_pipeline.expectations.judge import judge_table
from wb_pipeline.expectations.model import Expectation, JudgedTable, fact_is

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from wb_pipeline.expectations.model import ExpectationOutcome

SUITE = "contract"

# A manifest without a batch stands here under its own id: it has lost all its batches.
_BATCHES = JudgedTable(
    suite=SUITE,
    grain="batch",
    id_column="batch_key",
    facts_sql="""
with loaded as (
    select * from raw.run_batches where run_id = $run_id
),
manifests as (
    select * from raw.run_manifests where run_id = $run_id
),
expected as (
    select batch_key from loaded
    union
    select unnest($batch_keys)
    union
    select manifests.manifest_id from manifests
    anti join loaded on manifests.manifest_id = loaded.manifest_id
),
lines as (
    select batch_key, count(*) as line_count, count(*) filter (where is_readable) as readable_count
    from raw.proposal_lines
    group by batch_key
),
registered as (
    select
        loaded.batch_key,
        count(*) as times,
        bool_and(manifests.manifest_id is not null) as has_manifest,
        bool_and(coalesce(loaded.is_readable, false)) as is_readable,
        bool_and(coalesce(loaded.problem, '') <> '') as has_problem,
        max(loaded.line_count) as line_count
    from loaded
    left join manifests on loaded.manifest_id = manifests.manifest_id
    group by loaded.batch_key
)
select
    expected.batch_key,
    coalesce(registered.times = 1 and registered.has_manifest, false) as is_batch_present,
    -- A file that cannot be read at all stands as one quarantined row.
    coalesce(
        coalesce(lines.line_count, 0) - case when registered.is_readable then registered.line_count else 1 end, -1
    ) as surplus_lines,
    coalesce(registered.is_readable or (registered.has_problem and coalesce(lines.readable_count, 0) = 0), false)
        as is_unreadable_file_reported
from expected
left join registered on expected.batch_key = registered.batch_key
left join lines on expected.batch_key = lines.batch_key
""",
    count_sql="""
select count(*) from (
    select batch_key from raw.run_batches where run_id = $run_id
    union
    select unnest($batch_keys)
    union
    select manifests.manifest_id from raw.run_manifests as manifests
    anti join raw.run_batches as batches
        on manifests.manifest_id = batches.manifest_id and manifests.run_id = batches.run_id
    where manifests.run_id = $run_id
)
""",
    expectations=(
        fact_is("is_batch_present", wanted=True, name="every_batch_is_present"),
        Expectation("rows_in_are_rows_out", "in_set", "surplus_lines", allowed=(0,)),
        fact_is("is_unreadable_file_reported", wanted=True, name="an_unreadable_file_is_quarantined_as_a_whole"),
    ),
)

_LINES = JudgedTable(
    suite=SUITE,
    grain="line",
    id_column="proposal_key",
    facts_sql="""
with lines as (
    select * from raw.proposal_lines
    where batch_key in (select batch_key from raw.run_batches where run_id = $run_id)
),
actions as (
    select proposal_key, count(*) filter (where is_action_row and ordinal = 0) as action_rows
    from raw.proposal_changes
    group by proposal_key
)
select
    lines.proposal_key,
    lines.is_readable,
    lines.is_readable is false as is_quarantined,
    lines.confidence,
    coalesce(actions.action_rows, 0) as action_rows,
    coalesce(trim(lines.actor_id) <> '' and trim(lines.actor_type) <> '', false) as has_actor,
    coalesce(json_array_length(try_cast(lines.quarantine_reasons as json)), 0) > 0 as has_reasons
from lines
left join actions on lines.proposal_key = actions.proposal_key
""",
    count_sql="""
select count(*) from raw.proposal_lines as lines
semi join raw.run_batches as batches on lines.batch_key = batches.batch_key and batches.run_id = $run_id
""",
    expectations=(
        Expectation("every_line_has_its_own_key", "unique", "proposal_key"),
        Expectation(
            "a_readable_line_has_one_action_row", "in_set", "action_rows", only_where="is_readable", allowed=(1,)
        ),
        Expectation(
            "confidence_is_a_number_from_0_to_100",
            "between",
            "confidence",
            only_where="is_readable",
            minimum=0,
            maximum=100,
        ),
        fact_is("has_actor", wanted=True, name="a_readable_line_names_its_actor", only_where="is_readable"),
        fact_is("has_reasons", wanted=True, name="a_quarantined_line_says_why", only_where="is_quarantined"),
        fact_is("has_reasons", wanted=False, name="a_line_with_reasons_is_quarantined", only_where="is_readable"),
    ),
)

_CHANGES = JudgedTable(
    suite=SUITE,
    grain="change",
    id_column="change_id",
    facts_sql="""
with lines as (
    select proposal_key, batch_key, bool_and(coalesce(is_readable, false)) as is_readable
    from raw.proposal_lines
    group by proposal_key, batch_key
)
select
    changes.change_id,
    coalesce(lines.is_readable, false) as is_line_readable,
    coalesce(changes.is_action_row = (changes.ordinal = 0), false) as is_row_kind_sound
from raw.proposal_changes as changes
left join lines on changes.proposal_key = lines.proposal_key and changes.batch_key = lines.batch_key
where changes.batch_key in (select batch_key from raw.run_batches where run_id = $run_id)
""",
    count_sql="""
select count(*) from raw.proposal_changes as changes
semi join raw.run_batches as batches on changes.batch_key = batches.batch_key and batches.run_id = $run_id
""",
    expectations=(
        Expectation("every_change_has_its_own_id", "unique", "change_id"),
        fact_is("is_line_readable", wanted=True, name="every_change_belongs_to_a_readable_line"),
        fact_is("is_row_kind_sound", wanted=True, name="the_first_change_is_the_action"),
    ),
)

TABLES = (_BATCHES, _LINES, _CHANGES)

TABLES = (_BATCHES, _LINES, _CHANGES)


def judge_contract(
    con: duckdb.DuckDBPyConnection, run_id: str, *, batch_keys: Sequence[str] = ()
) -> list[ExpectationOutcome]:
    """Return what the suite found in raw.run_batches, raw.proposal_lines and raw.proposal_changes for one run.

    `batch_keys` are the batches that the manifests name (from the ledger): each has to be there. Hand the result to
    `outcomes.require`.

    Raises GateBrokenError when something cannot be judged, or the run is not the one in the tables.
    """
    require_run(con, run_id)
    parameters = {"run_id": run_id, "batch_keys": list(batch_keys)}
    return [outcome for table in TABLES for outcome in judge_table(con, table, parameters)[1]]


def require_run(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Raise GateBrokenError when the tables hold manifests, but none of this run: all would pass for want of rows."""
    runs = {row[0] for row in con.execute("select distinct run_id from raw.run_manifests").fetchall()}
    if runs and run_id not in runs:
        message = f"run {run_id} has no manifest, while other runs have: nothing can be judged"
        raise GateBrokenError(message, hint="Load the run's manifests (raw.run_manifests) before judging it.")
