"""The ledger: append-only, one chain, many processes, a cut tail noticed."""

from __future__ import annotations

import os
import signal
import sqlite3

import psycopg
import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import GENESIS, NewEvent
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.databases import Database, both_databases
from wb_pipeline_tests.ledger.processes import append_and_hang, append_many, context

pytestmark = both_databases


def _append(ledger: Ledger, count: int) -> None:
    ledger.append([NewEvent("test", str(number), {"number": number}) for number in range(count)], recorded_by="ana")


def test_append_chains_events_contiguously_when_called_twice(ledger: Ledger) -> None:
    """AUD-2: sequence from 1 without gaps, each event seals the one before."""
    _append(ledger, 2)
    _append(ledger, 1)
    events = ledger.events()
    assert [event.sequence for event in events] == [1, 2, 3]
    assert [event.previous_hash for event in events] == [GENESIS.event_hash, *(e.event_hash for e in events[:2])]
    assert len({event.event_hash for event in events}) == 3
    assert ledger.head().event_hash == events[-1].event_hash


def test_events_filters_by_kind_subject_and_sequence(ledger: Ledger) -> None:
    """AUD-3: an answer reads the events that concern it only."""
    ledger.append([NewEvent("a", "x"), NewEvent("b", "x"), NewEvent("a", "y")], recorded_by="ana")
    assert [event.sequence for event in ledger.events("a")] == [1, 3]
    assert [event.sequence for event in ledger.events("a", subject="y")] == [3]
    assert [event.sequence for event in ledger.events(after=1)] == [2, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "update events set recorded_by = 'eve' where sequence = 1",
        "delete from events where sequence = 2",
        "insert into events select 1, kind, '', '', '', '{}', '', '' from events where sequence = 1",
        "insert into events select 9, 'k', 'at', 'by', 's', '{}', event_hash, 'x' from events where sequence = 2",
        "insert into events select 3, 'k', 'at', 'by', 's', '{}', previous_hash, 'x' from events where sequence = 2",
        "update attempts set outcome = 'fine'",
        "delete from attempts",
        "delete from schema_versions",
        "update schema_versions set version = 0",
    ],
)
def test_database_refuses_statement_when_it_is_no_append(
    home: Home, ledger: Ledger, database: Database, statement: str
) -> None:
    """AUD-2: updates, deletes, gaps and forks are refused by the database itself."""
    _append(ledger, 2)
    database.run(home, "insert into attempts (run_id, note) values ('r', '')")
    with pytest.raises((sqlite3.DatabaseError, psycopg.Error), match=r"never|follow"):
        database.run(home, statement)


def _append_then_fail(ledger: Ledger) -> None:
    with ledger.writing("ana") as book:
        book.append([NewEvent("test", "1")])
        book.append([NewEvent("test", "2", {"confidence": float("nan")})])


def test_writing_commits_nothing_when_the_block_raises(ledger: Ledger) -> None:
    """OPS-4: an append is all or nothing."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        _append_then_fail(ledger)
    assert ledger.head() == GENESIS


def test_append_refuses_when_the_expected_head_has_moved(ledger: Ledger) -> None:
    """RVW-4: who decided on what was read before somebody else wrote is told so."""
    head = ledger.head()
    ledger.append([NewEvent("test", "1")], recorded_by="ana", expected_head=head)
    with pytest.raises(AuditError, match="not at 0"):
        ledger.append([NewEvent("test", "2")], recorded_by="bo", expected_head=head)


def test_append_stores_lone_surrogates_when_a_file_name_has_them(ledger: Ledger) -> None:
    """CON-7: a name that is no valid text is stored and still verifies."""
    ledger.append([NewEvent("test", "x\ud800", {"file_name": "\udcff\x00"})], recorded_by="ana")
    assert ledger.events()[0].payload == {"file_name": "?\x00"}


def test_processes_append_without_loss_when_they_run_at_once(home: Home, database: Database) -> None:
    """OPS-4: two processes at once: no event is lost, no exactly-once event is there twice, the chain verifies."""
    workers = [
        context().Process(target=append_many, args=(home.root, database.url, name, 40))
        for name in ("one", "two", "three")
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    ledger = Ledger.open(home)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(ledger.events("test")) == 120
    assert sorted(event.subject for event in ledger.events("once")) == sorted(str(number) for number in range(40))
    assert verify_books(home).findings == ()


def test_killed_writer_leaves_neither_an_event_nor_a_lock(home: Home, ledger: Ledger, database: Database) -> None:
    """OPS-4: kill -9 before the commit: nothing of it is there, and the next writer does not wait."""
    has_appended = context().Event()
    writer = context().Process(target=append_and_hang, args=(home.root, database.url, has_appended))
    writer.start()
    assert has_appended.wait(60)
    assert writer.pid
    os.kill(writer.pid, signal.SIGKILL)
    writer.join(60)
    _append(ledger, 1)
    assert [(event.sequence, event.recorded_by) for event in ledger.events()] == [(1, "ana")]
    assert verify_books(home).findings == ()


def test_ledger_goes_on_when_the_head_file_is_behind(home: Home, ledger: Ledger) -> None:
    """OPS-4: a crash between commit and head file is no tampering."""
    _append(ledger, 1)
    old = (home.root / "ledger.head").read_text()
    _append(ledger, 2)
    (home.root / "ledger.head").write_text(old)
    assert verify_books(home).findings == ()
    _append(Ledger.open(home), 1)
    assert (home.root / "ledger.head").read_text().startswith("4 ")


@pytest.mark.parametrize("damage", ["cut", "no head file", "no ledger", "other hash"])
def test_ledger_refuses_to_open_or_append_when_it_was_cut(
    home: Home, ledger: Ledger, database: Database, damage: str
) -> None:
    """AUD-2: nothing is written behind a cut, where it would cover the traces."""
    _append(ledger, 3)
    head = home.root / "ledger.head"
    if damage == "cut":
        database.drop_guard(home, "events_are_never_deleted")
        database.run(home, "delete from events where sequence = 3")
    elif damage == "no ledger":
        database.lose(home)
    elif damage == "no head file":
        head.unlink()
    else:
        head.write_text(f"3 {'a' * 64}\n")
    with pytest.raises(AuditError):
        Ledger.open(home)
    with pytest.raises(AuditError):
        _append(ledger, 1)


def test_ledger_refuses_to_open_when_a_later_release_made_it(home: Home, ledger: Ledger, database: Database) -> None:
    """OPS-6: the schema version is checked."""
    _append(ledger, 1)
    database.run(home, "insert into schema_versions values (99, '')")
    with pytest.raises(AuditError, match="version 99"):
        Ledger.open(home)
