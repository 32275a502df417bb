"""Rows about people and writes: what waits, who decided, how writes ended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from wb_pipeline.reports.people import DECISIONS, WAITING, WRITES, people_rows
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.ledger.people import books_with_queue, decide, give_back, write


def test_items_wait_until_somebody_decides_for_good_and_again_when_they_come_back(tmp_path: Path) -> None:
    """RPT-6: queue age counts what nobody decided; a first of two approvers does not empty the queue."""
    home, ledger, ids = books_with_queue(tmp_path, rows=5)
    decide(ledger, ids[0])
    decide(ledger, ids[1], "reject", reason_code="wrong_person")
    decide(ledger, ids[2], is_final=False)
    decide(ledger, ids[3])
    give_back(ledger, ids[3])
    waiting = people_rows(home, ledger, CLOCK + timedelta(days=2))[WAITING]
    assert {row["change_id"]: row["why"] for row in waiting} == {
        ids[2]: "new",
        ids[3]: "value_changed",
        ids[4]: "new",
    }
    assert {row["age_days"] for row in waiting} == {2.0}


def test_a_create_waits_as_one_item_and_an_update_field_by_field(tmp_path: Path) -> None:
    """RVW-1: rows of fields of a create are no items, its action row is; an update is the other way round."""
    home, ledger, ids = books_with_queue(
        tmp_path, rows=4, effective_action="['create', 'update'][1 + i % 2]", is_action_row="i < 2"
    )
    waiting = people_rows(home, ledger, CLOCK)[WAITING]
    assert {row["change_id"] for row in waiting} == {ids[0], ids[3]}


def test_a_create_of_which_one_field_needs_a_person_waits_as_a_whole(tmp_path: Path) -> None:
    """RVW-1: the queue of the report is the queue that people see."""
    home, ledger, ids = books_with_queue(
        tmp_path,
        rows=6,
        effective_action="'create'",
        is_action_row="i % 2 = 0",
        proposal_key="'p-' || (i // 2)",
        lane="['auto', 'review', 'auto', 'auto', 'deny', 'review'][1 + i]",
    )
    assert [row["change_id"] for row in people_rows(home, ledger, CLOCK)[WAITING]] == [ids[0]]


def test_a_decision_is_told_with_reviewer_reason_and_what_it_was_about(tmp_path: Path) -> None:
    """RPT-3: a rejection's field, source and claimed confidence can be counted."""
    home, ledger, ids = books_with_queue(tmp_path)
    decide(ledger, ids[0], "reject", by="maria", reason_code="wrong_person")
    (row,) = people_rows(home, ledger, CLOCK)[DECISIONS]
    assert (row["reviewer"], row["decision"], row["reason_code"]) == ("maria", "reject", "wrong_person")
    assert (row["object"], row["field"], row["source"], row["confidence"]) == ("contact", "title", "linkedin", 91.5)
    assert row["waited_hours"] == 0


def test_a_settled_write_is_told_with_its_plan(tmp_path: Path) -> None:
    """RPT-2: how a write ended stands beside whose it was and whether a person allowed it."""
    home, ledger, ids = books_with_queue(tmp_path)
    write(ledger, ids[0], "conflict", approvals=[5], actor_id="agent-7")
    (row,) = people_rows(home, ledger, CLOCK)[WRITES]
    assert (row["outcome"], row["actor_id"], row["needed_person"], row["crm"]) == ("conflict", "agent-7", True, "files")
