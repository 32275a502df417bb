"""Which changes contest one field: the model behind the conflict gates (OVW-6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

import pytest

from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.dbt_like_sql.gate_cases import CaseRunner, read_defaults

Changes = Sequence[Mapping[str, Any]]

A = {"change_id": "a", "new_value": '"CTO"', "normalized_value": "CTO", "source": "linkedin"}
B = {"change_id": "b", "new_value": '"CIO"', "normalized_value": "CIO", "source": "web"}
C = {"change_id": "c", "new_value": '"CIO"', "normalized_value": "CIO", "source": "linkedin"}
RANKS = ({"source": "linkedin", "rank": 1}, {"source": "web", "rank": 2})


@pytest.fixture(scope="module")
def fresh(project: SqlProject) -> Iterator[CaseRunner]:
    """A case runner that no other file uses."""
    runner = CaseRunner(project, read_defaults(project.folder))
    yield runner
    runner.con.close()


def _found(
    runner: CaseRunner, changes: Changes, ranks: Changes = (), replays: Changes = ()
) -> dict[str, tuple[bool, bool]]:
    """Return {change_id: (is_settled_by_source, is_strongest)} of what is contested."""
    runner.con.begin()
    try:
        for row in replays:
            runner.insert("int_proposals_replayed", row)
        for row in changes:
            runner.insert("int_changes_judged_alone", row)
        for row in ranks:
            runner.insert("policy.source_precedence", row)
        query = f"select change_id, is_settled_by_source, is_strongest from ({runner.query('int_conflicts_found')})"
        return {row[0]: row[1:] for row in runner.con.execute(query).fetchall()}
    finally:
        runner.con.rollback()


def test_unranked_sources_settle_nothing(fresh: CaseRunner) -> None:
    """OVW-6: two values, no order of sources: both are contested, neither wins."""
    assert {key: settled for key, (settled, _) in _found(fresh, [A, B]).items()} == {"a": False, "b": False}


def test_ranked_sources_settle_it(fresh: CaseRunner) -> None:
    """OVW-6: the strongest source's value goes on."""
    assert _found(fresh, [A, B], RANKS) == {"a": (True, True), "b": (True, False)}


def test_one_unranked_source_unsettles_it(fresh: CaseRunner) -> None:
    """OVW-6: a source that the policy does not rank is not weaker than the others."""
    assert [settled for settled, _ in _found(fresh, [A, B], RANKS[:1]).values()] == [False, False]


def test_strongest_source_against_itself_settles_nothing(fresh: CaseRunner) -> None:
    """OVW-6: two values from the strongest source are still two values."""
    assert {settled for settled, _ in _found(fresh, [A, B, C], RANKS).values()} == {False}


@pytest.mark.parametrize(
    "other",
    [
        {**B, "normalized_value": "CTO", "new_value": '"CTO"'},
        {**B, "record_id": "con-18"},
        {**B, "field": "phone"},
        {**B, "severity_alone": 3},
        {**B, "severity_alone": 4},
        {**B, "severity_alone": None},
        {**B, "manifest_id": "manifest-2"},
    ],
)
def test_nobody_is_blocked_by_what_is_no_contest(fresh: CaseRunner, other: Mapping[str, Any]) -> None:
    """OVW-6: the same value, another record, field or run, or a change that fails by itself blocks nobody."""
    assert _found(fresh, [A, other]) == {}


def test_replay_takes_no_part(fresh: CaseRunner) -> None:
    """OVW-6, CON-4: what only repeats an earlier proposal blocks nobody, and is blocked by nobody."""
    replay = {**B, "proposal_key": "batch-1:2"}
    assert set(_found(fresh, [A, replay])) == {"a", "b"}
    assert _found(fresh, [A, replay], replays=[{"proposal_key": "batch-1:2"}]) == {}


def test_suggestion_does_not_contest_a_write(fresh: CaseRunner) -> None:
    """OVW-6: they go to different fields, whichever source is the stronger."""
    assert _found(fresh, [A, {**B, "severity_alone": 2}], RANKS) == {}
    assert _found(fresh, [{**A, "severity_alone": 2}, B], RANKS) == {}


def test_suggestions_contest_each_other(fresh: CaseRunner) -> None:
    """OVW-6: two values for one suggestion field are settled like two writes; a write beside them is not asked."""
    suggestions = [{**A, "severity_alone": 2}, {**B, "severity_alone": 2}]
    assert _found(fresh, suggestions, RANKS) == {"a": (True, True), "b": (True, False)}
    assert set(_found(fresh, [*suggestions, {**C, "severity_alone": 1}], RANKS)) == {"a", "b"}


def test_order_of_input_never_matters(fresh: CaseRunner) -> None:
    """OVW-6: every order of three changes gives the same answer."""
    answers = [_found(fresh, rows, RANKS) for rows in permutations([A, B, C])]
    assert all(answer == answers[0] for answer in answers)
    assert set(answers[0]) == {"a", "b", "c"}
