"""The gates that Great Expectations judges: confidence by band, and facts about evidence."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.errors import GateBrokenError
from wb_pipeline.expectations import confidence, evidence, gates
from wb_pipeline_tests.expectations.factories import (
    BATCH,
    MANIFEST,
    POLICY,
    RUN,
    add_wide_change,
    change,
    insert,
    wide_changes,
)

LOW, MIDDLE, SUGGEST = confidence.BELOW_SUGGEST_BAND, confidence.BELOW_AUTO_BAND, confidence.SUGGESTION_ONLY
CITED, REQUIRED, UNVERIFIED = (
    evidence.CITED_EVIDENCE_MISSING,
    evidence.REQUIRED_KIND_MISSING,
    evidence.ACTIVITY_UNVERIFIED,
)
ALL_GATES = {*confidence.REASONS, *evidence.REASONS}


def objections(con, run_id=RUN):
    """Run the gates and return (change, gate) of each objection."""
    gates.judge_changes(con, run_id)
    return set(con.execute("select change_id, gate from checks.expectation_objections").fetchall())


def gates_against(*changes):
    """Return, for each of these changes, the gates that object to it."""
    found = objections(wide_changes(*changes))
    ids = [change(place, 1) for place in range(1, len(changes) + 1)]
    return [{gate for change_id, gate in found if change_id == wanted} for wanted in ids]


@pytest.mark.parametrize(("has_field", "middle"), [(False, MIDDLE), (True, SUGGEST), (None, MIDDLE)])
def test_confidence_gates_object_by_band_when_a_field_of_an_update_is_judged(has_field, middle):
    """CNF-1, CON-3: each band has its gate, its lower edge belongs to it, and what is no number is in the lowest."""
    lowest = [0, 49.999, -1, None, math.nan, math.inf, -math.inf]
    expected = [(value, {LOW}) for value in lowest] + [(value, {middle}) for value in (50, 79.999)]
    expected += [(value, set()) for value in (80, 100)]
    changes = [{"effective_confidence": value, "has_suggestion_field": has_field} for value, _ in expected]
    assert gates_against(*changes) == [gates_met for _, gates_met in expected]


def test_confidence_gates_hold_a_change_to_the_auto_band_when_no_suggestion_is_possible():
    """CNF-1: only field rows of updates are suggestions; an update without fields, or a NULL, is not let off."""
    unsuggestible = [
        {"effective_action": "create"},
        {"effective_action": "log"},
        {"effective_action": None},
        {"effective_action": None, "is_action_row": True},
        {"effective_action": "update", "is_action_row": None},
        *(
            {"effective_action": action, "is_action_row": True}
            for action in ("create", "log", "merge", "trigger", "update")
        ),
    ]
    changes = [{"effective_confidence": 60, "has_suggestion_field": True} | facts for facts in unsuggestible]
    assert gates_against(*changes) == [{MIDDLE}] * len(changes)


def test_evidence_gates_object_when_a_fact_fails_or_is_null():
    """EVD-1, EVD-2, EVD-8: each fact has its gate, and a NULL counts as the strict side."""
    expected = [
        ({}, set()),
        ({"missing_citation_count": 1, "citation_count": 2}, {CITED}),
        ({"missing_citation_count": None}, {CITED}),
        ({"has_required_evidence": False, "missing_evidence": "calendar_event"}, {REQUIRED}),
        ({"has_required_evidence": None}, {REQUIRED}),
        ({"is_activity_text": True}, set()),
        ({"is_activity_text": True, "citation_count": 0}, {UNVERIFIED}),
        ({"is_activity_text": True, "citation_count": None}, {UNVERIFIED}),
        ({"is_activity_text": None, "citation_count": 0}, {UNVERIFIED}),
        ({"is_activity_text": False, "citation_count": 0}, set()),
        ({"is_activity_text": True, "citation_count": 1, "missing_citation_count": 1}, {CITED, UNVERIFIED}),
    ]
    assert gates_against(*(facts for facts, _ in expected)) == [gates_met for _, gates_met in expected]


def test_confidence_gates_leave_the_action_of_an_update_alone_when_its_fields_are_judged():
    """CNF-1: the action of an update does not force its fields from suggest into review."""
    con = wide_changes({"effective_confidence": 60, "has_suggestion_field": True})
    add_wide_change(con, 1, change_id=change(1, 0), is_action_row=True, effective_confidence=60)
    assert objections(con) == {(change(1, 1), SUGGEST)}


def test_judge_changes_uses_the_thresholds_of_each_manifests_policy():
    """CNF-1: the suite is generated from the policy of the manifest, not from the first or the latest one."""
    con = wide_changes({"effective_confidence": 70})
    insert(con, "raw.run_manifests", run_id=RUN, manifest_id="m-2", policy_hash="policy-2")
    insert(con, "raw.run_batches", run_id=RUN, manifest_id="m-2", batch_key="b2", is_readable=True)
    insert(con, "policy.settings", policy_hash="policy-2", auto_confidence_from=60, suggest_confidence_from=10)
    insert(con, "raw.proposal_changes", batch_key="b2", proposal_key="b2:1", change_id="b2:1:1")
    con.execute(
        "insert into main.int_changes_with_context select * replace ('m-2' as manifest_id, 'b2:1:1' as change_id) "
        "from main.int_changes_with_context"
    )
    assert objections(con) == {(change(1, 1), MIDDLE)}


def test_judge_changes_writes_reason_and_numbers_when_it_objects():
    """AUD-1, CNF-1: an objection says in stable words and numbers what was missing."""
    con = wide_changes({"effective_confidence": 60, "has_required_evidence": False, "missing_evidence": "order_form"})
    gates.judge_changes(con, RUN)
    rows = con.execute("select * from checks.expectation_objections order by gate").fetchall()
    assert [(*row[:5], json.loads(row[5])) for row in rows] == [
        (MANIFEST, "p-1", change(1, 1), MIDDLE, "confidence_below_auto_band", {"confidence": 60.0, "threshold": 80.0}),
        (MANIFEST, "p-1", change(1, 1), REQUIRED, "required_evidence_missing", {"missing": "order_form"}),
    ]


def test_judge_changes_attests_every_gate_with_what_it_was_handed():
    """EXC-3: count and digest are those of the wide table's changes, and objections are as many as were written."""
    con = wide_changes({"effective_confidence": 60}, {"effective_confidence": 60, "has_required_evidence": False}, {})
    written = objections(con)
    digest = con.execute(
        "select cast(bit_xor(hash(change_id)) as varchar) from main.int_changes_with_context"
    ).fetchall()[0][0]
    rows = con.execute("select * from checks.expectation_attestations").fetchall()
    assert {row[2] for row in rows} == ALL_GATES
    for run_id, manifest_id, gate, seen, its_digest, count in rows:
        assert (run_id, manifest_id, seen, its_digest) == (RUN, MANIFEST, 3, digest)
        assert count == sum(1 for _, objecting in written if objecting == gate)


def test_judge_changes_writes_one_result_per_expectation():
    """EXC-3: the results that the checks show are unique by manifest, suite and expectation, with counts."""
    con = wide_changes({"effective_confidence": 10}, {})
    outcomes = gates.judge_changes(con, RUN)
    rows = con.execute(
        "select suite, expectation, success, evaluated, unexpected from checks.expectation_results"
    ).fetchall()
    assert sorted(rows) == sorted((e.suite, e.expectation, e.success, e.evaluated, e.unexpected) for e in outcomes)
    assert len({row[:2] for row in rows}) == len(rows)


def test_judge_changes_gives_the_same_tables_when_it_runs_again():
    """EXC-3: a second run replaces the tables and adds nothing."""
    con = wide_changes({"effective_confidence": 10}, {})
    tables = ("expectation_objections", "expectation_attestations", "expectation_results")
    read = lambda: [con.execute(f"from checks.{table} order by all").fetchall() for table in tables]  # noqa: E731
    gates.judge_changes(con, RUN)
    first = read()
    gates.judge_changes(con, RUN)
    assert read() == first


def test_judge_changes_attests_nothing_seen_when_a_manifest_has_no_change():
    """EXC-3: a batch of unreadable lines only has no change; every gate says that it saw none."""
    con = wide_changes()
    assert objections(con) == set()
    rows = con.execute("select gate, changes_seen, objections from checks.expectation_attestations").fetchall()
    assert set(rows) == {(gate, 0, 0) for gate in ALL_GATES}


@pytest.mark.parametrize(
    ("sabotage", "message"),
    [
        ("delete from main.int_changes_with_context", "no change arrived, 2 expected"),
        (f"delete from main.int_changes_with_context where change_id = '{change(1, 1)}'", "every_change_arrived"),
        ("insert into main.int_changes_with_context from main.int_changes_with_context", "every_change_arrived"),
        (f"update main.int_changes_with_context set change_id = '{change(1, 1)}'", "every_change_appears_once"),
        ("alter table main.int_changes_with_context drop effective_confidence", f"{LOW}.*effective_confidence"),
        ("alter table main.int_changes_with_context drop has_required_evidence", f"{REQUIRED}.*has_required_evidence"),
        ("alter table main.int_changes_with_context alter missing_citation_count type varchar using 'x'", CITED),
        ("drop table main.int_changes_with_context", "int_changes_with_context"),
        ("delete from policy.settings", f"{LOW}.*{POLICY}"),
        ("insert into policy.settings from policy.settings", f"{LOW}.*{POLICY}"),
        ("update policy.settings set auto_confidence_from = null", f"{LOW}.*{POLICY}"),
        ("update policy.settings set suggest_confidence_from = 'nan'", f"{LOW}.*{POLICY}"),
    ],
)
def test_judge_changes_stops_the_run_when_a_gate_cannot_be_judged(sabotage, message):
    """EXC-3: a broken gate raises, and no attestation of an earlier run is left to approve anything."""
    con = wide_changes({}, {})
    gates.judge_changes(con, RUN)
    con.execute(sabotage)
    with pytest.raises(GateBrokenError, match=message):
        gates.judge_changes(con, RUN)
    left = {row[0] for row in con.execute("select gate from checks.expectation_attestations").fetchall()}
    assert left < ALL_GATES


@given(
    values=st.lists(st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)), min_size=1, max_size=12),
    has_field=st.booleans(),
    action=st.sampled_from(["update", "create", None]),
)
@settings(max_examples=8, deadline=None)
def test_every_change_meets_at_most_one_band_and_none_only_when_it_is_confident(values, has_field, action):
    """CNF-1: the bands do not overlap, leave no gap, and only a finite confidence from 80 on meets no gate."""
    con = wide_changes(
        *(
            {"effective_confidence": value, "has_suggestion_field": has_field, "effective_action": action}
            for value in values
        )
    )
    found = objections(con)
    for place, value in enumerate(values, start=1):
        met = [gate for change_id, gate in found if change_id == f"{BATCH}:{place}:1"]
        is_confident = value is not None and math.isfinite(value) and value >= 80
        assert len(met) == (0 if is_confident else 1)
