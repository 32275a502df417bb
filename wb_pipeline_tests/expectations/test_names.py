"""The names of checks are known before a run gives their rows."""

from __future__ import annotations

from wb_pipeline.expectations import contract, gates, names, outcomes
from wb_pipeline.expectations.check_rows import asset_check_rows
from wb_pipeline_tests.expectations.factories import RUN, sound_run, wide_changes


def test_names_are_those_of_the_rows_that_a_run_gives():
    """EXC-3: every check that is listed gets its row, and no row is without its check."""
    con = sound_run()
    for listed, judged in [
        (names.contract_names(), contract.judge_contract(con, RUN)),
        (names.outcome_names(), outcomes.judge_outcomes(con, RUN)),
        (names.gate_names(), gates.judge_changes(wide_changes({}), RUN)),
    ]:
        assert listed == [row.name for row in asset_check_rows(judged)]
        assert len(set(listed)) == len(listed)
