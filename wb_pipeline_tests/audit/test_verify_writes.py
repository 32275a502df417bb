"""Decisions of people, writes and their values: what does not follow from what came before is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.audit.why import why
from wb_pipeline.canonical import text_hash
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.erasures import erase_kept_values
from wb_pipeline.ledger.kinds_writes import WritePlanned
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.people import books_with_queue, decide, give_back, plan_write, settle_write

Story = Callable[[Ledger, list[str]], object]


def _approved(ledger: Ledger, ids: list[str]) -> str:
    """Approve with edits, write, read back: everything as it should be."""
    approval = decide(ledger, ids[0], edited={"title": "VP of IT"})
    key = plan_write(ledger, ids[0], approvals=[approval])
    settle_write(ledger, key, before={"title": "Head of IT"}, after={"title": "VP of IT"})
    return key


def _found(home: Home) -> list[str]:
    return [str(finding) for finding in verify_books(home).findings]


def test_a_chain_in_order_verifies(tmp_path: Path) -> None:
    """AUD-2: approval, write, answer, undo and a write that needs no person are no findings."""
    home, ledger, ids = books_with_queue(tmp_path, lane="['review', 'auto'][1 + i % 2]")
    key = _approved(ledger, ids)
    settle_write(ledger, plan_write(ledger, action="undo", undoes=key), "conflict")
    settle_write(ledger, plan_write(ledger, ids[1]), after={"title": "x"})
    report = verify_books(home)
    assert (report.findings, report.notes) == ((), ())


@pytest.mark.parametrize(
    ("story", "words"),
    [
        (lambda ledger, ids: decide(ledger, f"{ids[0]}9"), "decided on, but no such change was sealed before"),
        (lambda ledger, ids: plan_write(ledger, f"{ids[0]}9", approvals=[]), "planned, but no such change was sealed"),
        (lambda ledger, ids: plan_write(ledger, ids[0]), "ended in lane review; its write rests on no approval"),
        (lambda ledger, ids: plan_write(ledger, ids[0], approvals=[2]), "which is no decision before it"),
        (lambda ledger, ids: plan_write(ledger, ids[0], approvals=[999]), "which is no decision before it"),
        (
            lambda ledger, ids: plan_write(ledger, ids[0], approvals=[decide(ledger, ids[0], "reject")]),
            "which allows nothing",
        ),
        (
            lambda ledger, ids: plan_write(ledger, ids[0], approvals=[decide(ledger, ids[1])]),
            "which is about another proposal",
        ),
        (
            lambda ledger, ids: (
                decide(ledger, ids[0]),
                give_back(ledger, ids[0]),
                plan_write(ledger, ids[0], approvals=[6]),
            ),
            "which was void by then",
        ),
        (lambda ledger, _: settle_write(ledger, text_hash("nothing")), "settled that was never planned"),
        (lambda ledger, ids: settle_write(ledger, _approved(ledger, ids)), "one write was carried out twice"),
        (
            lambda ledger, _: plan_write(ledger, action="undo", undoes=text_hash("nothing")),
            "takes back a write that was never planned",
        ),
    ],
)
def test_what_follows_from_nothing_is_found(tmp_path: Path, story: Story, words: str) -> None:
    """AUD-2, HIA: a write without approval, an approval of nothing, an answer to nothing, a double write."""
    home, ledger, ids = books_with_queue(tmp_path, rows=2)
    story(ledger, ids)
    (finding,) = _found(home)
    assert words in finding
    assert f"row {ledger.head().sequence}:" in finding


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update kept_values set value = replace(value, 'VP', 'CEO')", "was changed: its digest does not fit"),
        ("update kept_values set salt = 'aa'", "was changed: its digest does not fit"),
        ("delete from kept_values where value like '%Head%'", "is gone, and no event says it was erased"),
        ("update kept_values set value = x'00'", "was changed: its digest does not fit"),
        ("drop table kept_values", "is gone, and no event says it was erased"),
    ],
)
def test_a_kept_value_that_was_changed_or_removed_is_found(tmp_path: Path, statement: str, words: str) -> None:
    """AUD-2: values beside the chain are held against the digests in it."""
    home, ledger, ids = books_with_queue(tmp_path, rows=2)
    _approved(ledger, ids)
    _in_ledger(home, statement)
    found = _found(home)
    assert found
    assert all(words in finding for finding in found)


def test_an_erased_value_is_gone_and_the_books_still_verify(tmp_path: Path) -> None:
    """AUD-6: with its tombstone in the chain; put back, it is found."""
    home, ledger, ids = books_with_queue(tmp_path, rows=2)
    _approved(ledger, ids)
    (plan,) = ledger.events(WritePlanned.kind)
    with closing(sqlite3.connect(home.ledger)) as connection:
        row = connection.execute(
            "select * from kept_values where digest = ?", [plan.payload["values_digest"]]
        ).fetchone()
    erase_kept_values(ledger, [row[0]], by="dana", reason="asked for it")
    assert _found(home) == []
    assert ledger.kept([row[0]]) == {}
    assert why(home, "con-0", "title").decisions[0].steps[1].kept["planned"].is_erased
    _in_ledger(home, "insert into kept_values values (?, ?, ?)", *row)
    (finding,) = _found(home)
    assert "says that it was erased" in finding


def test_an_erasure_needs_a_person_a_reason_and_values_that_are_kept(tmp_path: Path) -> None:
    """AUD-6: no tombstone for what is not there; all or nothing."""
    _, ledger, ids = books_with_queue(tmp_path, rows=1)
    decide(ledger, ids[0], edited={"title": "x"})
    kept = ledger.events("item_decided")[0].payload["edited_digest"]
    for digests, by, reason in (
        ([kept], " ", "why"),
        ([kept], "dana", ""),
        ([], "dana", "why"),
        ([kept, text_hash("no")], "dana", "why"),
    ):
        with pytest.raises(InputError):
            erase_kept_values(ledger, digests, by=by, reason=reason)
    assert ledger.kept([kept])


def test_values_that_no_event_cites_are_noted(tmp_path: Path) -> None:
    """AUD-2: nothing reads them, so they are no finding, but they are told."""
    home, ledger, _ = books_with_queue(tmp_path, rows=1)
    with ledger.writing("dana") as book:
        book.keep("left over")
    report = verify_books(home)
    assert (report.findings, report.notes) == ((), ("ledger.sqlite: 1 kept values that no event cites",))


def _in_ledger(home: Home, statement: str, *given: object) -> None:
    with closing(sqlite3.connect(home.ledger)) as connection, connection:
        connection.execute(statement, given)
