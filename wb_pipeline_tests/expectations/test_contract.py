"""The expectations about what came in: silent on sound books, each with a planted violation."""

from __future__ import annotations

import pytest

from wb_pipeline.errors import GateBrokenError, OutcomeError
from wb_pipeline.expectations import contract, outcomes
from wb_pipeline_tests.expectations.factories import BATCH, RUN, change, insert, sound_run

VIOLATIONS: dict[str, list[tuple[str, str]]] = {
    "every_batch_is_present": [
        ("update raw.run_batches set manifest_id = 'm-9'", BATCH),
        ("insert into raw.run_batches from raw.run_batches", BATCH),
        ("delete from raw.run_batches", BATCH),
        ("insert into raw.run_manifests values ('run-1', 'm-2', 'policy-1')", "m-2"),
    ],
    "rows_in_are_rows_out": [
        ("delete from raw.proposal_lines where proposal_key = 'b1:4'", BATCH),
        ("insert into raw.proposal_lines from raw.proposal_lines where proposal_key = 'b1:4'", BATCH),
        ("update raw.run_batches set line_count = null", BATCH),
        ("update raw.run_batches set is_readable = false, problem = 'rubbish'", BATCH),
    ],
    "an_unreadable_file_is_quarantined_as_a_whole": [
        ("update raw.run_batches set is_readable = false, problem = 'rubbish'", BATCH),
        ("update raw.run_batches set is_readable = null", BATCH),
    ],
    "every_line_has_its_own_key": [
        ("update raw.proposal_lines set proposal_key = 'b1:1' where line_number < 3", "b1:1")
    ],
    "a_readable_line_has_one_action_row": [
        (f"delete from raw.proposal_changes where change_id = '{change(1)}'", "b1:1"),
        (f"insert into raw.proposal_changes from raw.proposal_changes where change_id = '{change(1)}'", "b1:1"),
        (f"update raw.proposal_changes set ordinal = 9 where change_id = '{change(1)}'", "b1:1"),
    ],
    "confidence_is_a_number_from_0_to_100": [
        (f"update raw.proposal_lines set confidence = {value} where proposal_key = 'b1:2'", "b1:2")
        for value in ("100.001", "-0.001", "'inf'", "'-inf'")
    ],
    "confidence_is_never_null_where_is_readable": [
        (f"update raw.proposal_lines set confidence = {value} where proposal_key = 'b1:2'", "b1:2")
        for value in ("null", "'nan'")
    ],
    "is_readable_is_never_null": [
        ("update raw.proposal_lines set is_readable = null where proposal_key = 'b1:2'", "b1:2")
    ],
    "a_readable_line_names_its_actor": [
        ("update raw.proposal_lines set actor_id = null where proposal_key = 'b1:2'", "b1:2"),
        ("update raw.proposal_lines set actor_id = ' ' where proposal_key = 'b1:2'", "b1:2"),
        ("update raw.proposal_lines set actor_type = null where proposal_key = 'b1:2'", "b1:2"),
    ],
    "a_quarantined_line_says_why": [
        (f"update raw.proposal_lines set quarantine_reasons = {value} where proposal_key = 'b1:4'", "b1:4")
        for value in ("null", "'[]'", "'not json'")
    ],
    "a_line_with_reasons_is_quarantined": [
        ("update raw.proposal_lines set quarantine_reasons = '[{}]' where proposal_key = 'b1:2'", "b1:2")
    ],
    "every_change_has_its_own_id": [
        (f"update raw.proposal_changes set change_id = '{change(1)}' where change_id = '{change(1, 1)}'", change(1))
    ],
    "every_change_belongs_to_a_readable_line": [
        ("update raw.proposal_lines set is_readable = false where proposal_key = 'b1:2'", change(2, 1)),
        (f"update raw.proposal_changes set proposal_key = 'b1:99' where change_id = '{change(2, 1)}'", change(2, 1)),
    ],
    "the_first_change_is_the_action": [
        (f"update raw.proposal_changes set is_action_row = true where change_id = '{change(2, 1)}'", change(2, 1)),
        (f"update raw.proposal_changes set is_action_row = null where change_id = '{change(2, 1)}'", change(2, 1)),
    ],
}


def failing(con):
    """Return the ids that each failing expectation names."""
    found = contract.judge_contract(con, RUN, batch_keys=[BATCH])
    return {each.expectation: each.unexpected_ids for each in found if not each.success}


def test_judge_contract_finds_nothing_when_the_batch_was_read_soundly():
    """CON-2: the clean twin of every violation below passes."""
    outcomes.require(contract.judge_contract(sound_run(), RUN, batch_keys=[BATCH]))


@pytest.mark.parametrize(
    ("expectation", "sabotage", "named"),
    [(name, sql, named) for name, plants in VIOLATIONS.items() for sql, named in plants],
)
def test_judge_contract_names_the_row_when_something_came_in_wrong(expectation, sabotage, named):
    """CON-2, CON-3: nothing is lost, repeated, or read although it should not be."""
    con = sound_run()
    con.execute(sabotage)
    found = failing(con)
    assert named in found.get(expectation, ()), found


def test_every_expectation_has_a_planted_violation():
    """EXC-3: an expectation that nothing was seen to break proves nothing."""
    names = {each.name for table in contract.TABLES for each in table.expectations}
    assert names <= set(VIOLATIONS)


def test_judge_contract_passes_a_file_that_could_not_be_read_when_it_is_one_quarantined_row():
    """CON-2: an unreadable file is quarantined as a whole, and does not stop the others."""
    con = sound_run()
    insert(con, "raw.run_batches", run_id=RUN, manifest_id="m-1", batch_key="b2", is_readable=False, problem="not JSON")
    insert(
        con,
        "raw.proposal_lines",
        batch_key="b2",
        line_number=0,
        proposal_key="b2:0",
        is_readable=False,
        quarantine_reasons='[{"code":"file_unreadable"}]',
    )
    assert failing(con) == {}


def test_judge_contract_passes_an_empty_batch():
    """CON-2: a batch without a line has no row, and that is no loss."""
    con = sound_run()
    insert(con, "raw.run_batches", run_id=RUN, manifest_id="m-1", batch_key="b2", is_readable=True, line_count=0)
    assert failing(con) == {}


def test_judge_contract_ignores_the_lines_of_other_runs():
    """CON-2: what another run left in the tables is not this run's."""
    con = sound_run()
    insert(con, "raw.proposal_lines", batch_key="old", proposal_key="old:1", is_readable=True)
    assert failing(con) == {}


def test_judge_contract_names_a_batch_of_the_manifest_that_was_not_loaded():
    """CON-2: every batch that the manifests name has to be there."""
    found = contract.judge_contract(sound_run(), RUN, batch_keys=[BATCH, "b2"])
    with pytest.raises(OutcomeError, match=r"every batch is present: 1 of 2 \(b2\)"):
        outcomes.require(found)


@pytest.mark.parametrize("table", ["raw.proposal_lines", "raw.run_batches", "raw.proposal_changes"])
def test_judge_contract_is_broken_when_columns_are_missing(table):
    """EXC-3: a table that lost its columns is an error, never a pass."""
    con = sound_run()
    con.execute(f"create or replace table {table} as select 1 as nothing")
    with pytest.raises(GateBrokenError, match="suite contract"):
        contract.judge_contract(con, RUN)


def test_judge_contract_is_broken_when_the_run_is_another():
    """EXC-3: judging a run that is not in the tables does not pass for want of rows."""
    with pytest.raises(GateBrokenError, match="run-2 has no manifest"):
        contract.judge_contract(sound_run(), "run-2")
