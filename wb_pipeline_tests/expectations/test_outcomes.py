"""The expectations about what was decided: silent on a sound run, each with a planted violation."""

from __future__ import annotations

import duckdb
import pytest

from wb_pipeline.errors import GateBrokenError, OutcomeError
from wb_pipeline.expectations import outcomes
from wb_pipeline_tests.expectations.factories import LOCKED_GATE, MANIFEST, POLICY, RUN, change, sound_run


def decide(line: int, ordinal: int, assignment: str) -> str:
    """Return SQL that bends one decision."""
    return f"update main.int_changes_decided set {assignment} where change_id = '{change(line, ordinal)}'"


# expectation -> what breaks it in the decisions (or in what they rest on), and the ids that must be named
VIOLATIONS: dict[str, list[tuple[str, str]]] = {
    "rows_in_are_rows_out": [(f"delete from main.int_changes_decided where change_id = '{change(1, 1)}'", "b1")],
    "every_change_is_decided_once": [
        (f"delete from main.int_changes_decided where change_id = '{change(1, 1)}'", change(1, 1)),
        (
            f"insert into main.int_changes_decided from main.int_changes_decided where change_id = '{change(2)}'",
            change(2),
        ),
        (f"delete from main.int_changes_decided where change_id = '{change(4)}'", change(4)),
        ("update main.int_changes_decided set manifest_id = null", change(3, 1)),
    ],
    "every_lane_is_one_of_six": [(decide(1, 1, "lane = 'automatic'"), change(1, 1))],
    "lane_is_never_null": [(decide(1, 1, "lane = null"), change(1, 1))],
    "every_decision_is_about_something_that_came_in": [
        (
            (
                "insert into main.int_changes_decided by name select * replace ('b1:99:1' as change_id) "
                f"from main.int_changes_decided where change_id = '{change(1, 1)}'"
            ),
            "b1:99:1",
        )
    ],
    "an_unread_line_stays_in_quarantine": [(decide(4, 0, "lane = 'review'"), change(4))],
    "the_action_is_the_one_proposed": [(decide(6, 2, "effective_action = 'create'"), change(6, 2))],
    "the_field_is_the_one_proposed": [(decide(1, 1, "field = 'phone'"), change(1, 1))],
    "nothing_locked_is_automatic": [
        (decide(6, 1, "lane = 'auto'"), change(6, 1)),
        ("update policy.fields set class = null where field = 'title'", change(1, 1)),
        ("update policy.actions set class = 'locked'", change(3)),
    ],
    "nothing_ungranted_passes": [
        ("delete from policy.fields where field = 'title' and action = 'update'", change(1, 1)),
        ("delete from policy.fields where field = 'phone'", change(2, 1)),
        ("delete from policy.actions where action = 'create'", change(3)),
        ("delete from facts.field_names where field = 'title'", change(1, 1)),
        ("delete from policy.fields", change(1, 1)),
    ],
    "nothing_of_high_impact_is_automatic": [
        (decide(7, 1, "lane = 'auto'"), change(7, 1)),
        ("update policy.actions set is_high_impact = null where action = 'create'", change(3)),
    ],
    "no_objection_is_ignored": [
        (decide(6, 1, "lane = 'review'"), change(6, 1)),
        (decide(6, 1, "lane = 'auto'"), change(6, 1)),
        (
            (
                "insert into checks.expectation_objections by name "
                f"select '{MANIFEST}' manifest_id, '{change(1, 1)}' change_id, 'gate_of_no_policy' gate"
            ),
            change(1, 1),
        ),
        (
            f"create view main.gate_identity__forgotten as select '{MANIFEST}' manifest_id, '{change(2, 1)}' change_id",
            change(2, 1),
        ),
    ],
    "no_field_is_ahead_of_its_action": [
        (decide(1, 0, "lane = 'review'"), change(1, 1)),
        (decide(7, 0, "lane = 'deny'"), change(7, 1)),
        (decide(6, 0, "lane = 'noop'"), change(6, 2)),
        (f"delete from main.int_changes_decided where change_id = '{change(1)}'", change(1, 1)),
    ],
    "a_create_waits_for_its_required_fields": [(decide(3, 1, "lane = 'review'"), change(3))],
    "a_suggestion_has_its_suggestion_field": [
        (decide(2, 1, "suggestion_field = 'phone'"), change(2, 1)),
        (decide(2, 1, "suggestion_field = null"), change(2, 1)),
        (decide(1, 1, "lane = 'suggest'"), change(1, 1)),
        (decide(2, 0, "lane = 'suggest'"), change(2)),
    ],
    "what_is_automatic_is_confident_enough": [
        (decide(2, 1, "lane = 'auto'"), change(2, 1)),
        ("update raw.proposal_lines set confidence = 79.9 where proposal_key = 'b1:3'", change(3)),
        (decide(1, 1, "effective_confidence = 79.9"), change(1, 1)),
        (decide(1, 1, "effective_confidence = 'nan'"), change(1, 1)),
        ("update policy.settings set auto_confidence_from = null", change(1, 1)),
    ],
    "what_is_suggested_is_confident_enough": [(decide(2, 1, "effective_confidence = 49"), change(2, 1))],
    "a_noop_repeats_something_or_is_already_so": [
        (decide(1, 1, "lane = 'noop'"), change(1, 1)),
        (decide(1, 1, f"lane = 'noop', repeats_change_id = '{change(1, 1)}'"), change(1, 1)),
        (decide(1, 0, "lane = 'noop'"), change(1)),
        ("update main.int_changes_with_context set is_already_so = null", change(5, 1)),
    ],
}


def failing(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Return the ids that each failing expectation names."""
    return {each.expectation: each.unexpected_ids for each in outcomes.judge_outcomes(con, RUN) if not each.success}


def test_judge_outcomes_finds_nothing_when_the_run_is_sound():
    """FLD-1, CON-2: the clean twin of every violation below passes, and every row was looked at."""
    con = sound_run()
    found = outcomes.judge_outcomes(con, RUN)
    decisions = con.execute("select count(*) from main.int_changes_decided").fetchall()[0][0]
    outcomes.require(found)
    assert {each.evaluated for each in found} == {1, decisions}
    assert decisions == 15


@pytest.mark.parametrize(
    ("expectation", "sabotage", "named"),
    [(name, sql, named) for name, plants in VIOLATIONS.items() for sql, named in plants],
)
def test_judge_outcomes_names_the_change_when_a_decision_is_broken(expectation, sabotage, named):
    """FLD-1, FLD-2, CNF-1, CON-2, EXC-3: each expectation finds what it is there for, whoever broke it."""
    con = sound_run()
    con.execute(sabotage)
    found = failing(con)
    assert named in found.get(expectation, ()), found


def test_every_expectation_has_a_planted_violation():
    """EXC-3: an expectation that nothing was seen to break proves nothing."""
    names = {each.name for table in outcomes.TABLES for each in table.expectations}
    assert names == set(VIOLATIONS) - {"lane_is_never_null"}


@pytest.mark.parametrize("lane", ["auto", "suggest", "review", "deny", "quarantine", "noop"])
def test_a_create_that_met_its_record_is_judged_as_an_update(lane):
    """FLD-3: the email that a create may set is locked once the create is judged as an update of that record."""
    con = sound_run()
    con.execute("update main.int_changes_decided set effective_action = 'update' where proposal_key = 'b1:3'")
    con.execute(f"update main.int_changes_decided set lane = '{lane}' where change_id = '{change(3, 1)}'")
    assert (change(3, 1) in failing(con).get("nothing_locked_is_automatic", ())) is (lane == "auto")


@pytest.mark.parametrize("verdict", ["label", "shadow", "off"])
def test_a_verdict_that_stops_nothing_lets_a_change_pass(verdict):
    """FLD-1: label, shadow and off never stop a change, so the judge does not see an ignored objection."""
    con = sound_run()
    con.execute(f"update policy.gates set verdict = '{verdict}'")
    con.execute(decide(6, 1, "lane = 'review'"))
    assert "no_objection_is_ignored" not in failing(con)


def test_another_policys_grant_does_not_count():
    """FLD-1: a field that only another policy grants is not granted."""
    con = sound_run()
    con.execute("update policy.fields set policy_hash = 'policy-2' where field = 'title'")
    assert change(1, 1) in failing(con)["nothing_ungranted_passes"]


def test_require_lists_expectation_counts_and_first_ids_when_something_fails():
    """EXC-3: the error says what failed, how often and where."""
    con = sound_run()
    con.execute("update main.int_changes_decided set lane = 'auto' where lane <> 'quarantine'")
    with pytest.raises(OutcomeError, match=rf"nothing locked is automatic: 1 of 15 \({change(6, 1)}\)"):
        outcomes.require(outcomes.judge_outcomes(con, RUN))


def test_require_raises_when_nothing_was_judged():
    """EXC-3: no outcome is not a good outcome."""
    with pytest.raises(OutcomeError, match="no blocking expectation was judged"):
        outcomes.require([])


@pytest.mark.parametrize("table", ["raw.proposal_changes", "policy.fields", LOCKED_GATE, "main.int_changes_decided"])
def test_judge_outcomes_is_broken_when_a_column_is_missing(table):
    """EXC-3: a table that lost its columns is an error, never a pass."""
    con = sound_run()
    con.execute(f"create or replace table {table} as select 1 as nothing")
    with pytest.raises(GateBrokenError, match="suite outcomes"):
        outcomes.judge_outcomes(con, RUN)


def test_judge_outcomes_finds_every_change_when_no_decision_was_made():
    """CON-2, EXC-3: an empty decision table fails, although an empty batch passes every expectation in silence."""
    con = sound_run()
    con.execute("delete from main.int_changes_decided")
    assert len(failing(con)["every_change_is_decided_once"]) == 15


def test_judge_outcomes_is_broken_when_the_run_is_another():
    """EXC-3: judging a run that is not in the tables does not pass for want of rows."""
    with pytest.raises(GateBrokenError, match="run-2 has no manifest"):
        outcomes.judge_outcomes(sound_run(), "run-2")


def test_judge_outcomes_finds_unread_lines_when_their_manifest_is_gone():
    """CON-2: changes whose manifest was lost are not silently left out of what has to be decided."""
    con = sound_run()
    con.execute(f"update raw.run_manifests set manifest_id = 'm-2', policy_hash = '{POLICY}'")
    with pytest.raises(GateBrokenError, match="every_change"):
        outcomes.judge_outcomes(con, RUN)


def test_judge_outcomes_leaves_no_table_behind():
    """The judge's working tables are its own."""
    con = sound_run()
    outcomes.judge_outcomes(con, RUN)
    assert (
        con.execute("select table_name from information_schema.tables where table_name like 'judged%'").fetchall() == []
    )
