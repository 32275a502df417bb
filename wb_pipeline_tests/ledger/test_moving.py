"""Moving a ledger between SQLite and Postgres: all of it or nothing, and one place only afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger import moving
from wb_pipeline.ledger.attempts import attempts, start_attempt
from wb_pipeline.ledger.chain import NewEvent
from wb_pipeline.ledger.moving import move_ledger
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import small_books
from wb_pipeline_tests.postgres_server import Server

EVENT = NewEvent("test", "one more")


@pytest.fixture
def books(tmp_path: Path) -> tuple[Home, str]:
    """Return a home with sealed decisions, a kept value and a run; and the value's digest."""
    home, ledger = small_books(tmp_path / "small", batches=1)
    start_attempt(ledger, "run-1")
    with ledger.writing("ana") as book:
        digest = book.keep("a word of hers")
        book.append([NewEvent("test", "cites it", {"digest": digest})])
    return home, digest


def test_moves_to_postgres_and_back(books, postgres: Server, monkeypatch) -> None:
    """AUD-2: events, kept values and runs are there, the same chain; what was opened before writes nothing any more."""
    home, digest = books
    opened = Ledger.open(home)
    before, runs = opened.events(), attempts(opened)
    url = postgres.new_schema()
    done = move_ledger(home, url, by="ana")
    assert (done.head, done.kept_values, done.attempts) == (opened_head(before), 1, len(runs))
    with pytest.raises(AuditError, match="moved to another place"):
        opened.append([EVENT], recorded_by="ana")
    monkeypatch.setenv("WB_LEDGER", url)
    there = Ledger.open(home)
    assert (there.events(), there.kept([digest])) == (before, {digest: "a word of hers"})
    assert attempts(there) == runs
    there.append([EVENT], recorded_by="ana")
    assert verify_books(home).findings == ()
    start_attempt(there, "run-2")
    move_ledger(home, None, by="ben")
    with pytest.raises(AuditError, match="moved to another place"):
        there.append([EVENT], recorded_by="ana")
    with pytest.raises(InputError, match="keeps its ledger in"):
        Ledger.open(home)
    monkeypatch.delenv("WB_LEDGER")
    back = Ledger.open(home)
    assert [event.event_hash for event in back.events()][:-1] == [event.event_hash for event in before]
    assert len(attempts(back)) == len(runs) + 1
    back.append([EVENT], recorded_by="ana")


def opened_head(events):
    """Return the head of a list of events."""
    return moving.Head(events[-1].sequence, events[-1].event_hash)


def test_refuses_a_database_that_is_not_empty_and_a_ledger_in_use(books, postgres: Server, tmp_path) -> None:
    """AUD-2: nothing is mixed with another ledger, nothing is copied from under a writer; the source goes on."""
    home, _ = books
    url = postgres.new_schema()
    Ledger.open(Home(tmp_path / "another"), url=url)
    with pytest.raises(InputError, match="a ledger lies there already"):
        move_ledger(home, url, by="ana")
    empty, ledger = postgres.new_schema(), Ledger.open(home)
    with ledger.writing("ana") as book:
        book.append([EVENT])
        with pytest.raises(AuditError, match="in use"):
            move_ledger(home, empty, by="ana")
    tables = "select count(*) from information_schema.tables where table_schema = current_schema()"
    assert postgres.run(tables, url=empty) == [(0,)]
    ledger.append([EVENT], recorded_by="ana")


def test_moves_no_chain_that_does_not_verify(books, database, postgres: Server) -> None:
    """AUD-2: a changed event is found before anything is copied."""
    home, _ = books
    database.drop_guard(home, "events_are_never_updated")
    database.run(home, "update events set payload = '{}' where sequence = 2")
    url = postgres.new_schema()
    with pytest.raises(AuditError, match="event 2 of the ledger is not the one"):
        move_ledger(home, url, by="ana")
    Ledger.open(home)


def test_moves_nothing_where_something_else_arrives(books, postgres: Server, monkeypatch) -> None:
    """AUD-2: what arrived is verified against what was sent before the source is closed; the source goes on."""
    home, _ = books
    with monkeypatch.context() as losing:
        losing.setattr(moving, "_copy", lambda *_: None)
        with pytest.raises(AuditError, match="what arrived is not what was sent"):
            move_ledger(home, postgres.new_schema(), by="ana")
    Ledger.open(home).append([EVENT], recorded_by="ana")


def test_moves_no_kept_value_that_is_not_the_one_cited(books, database, postgres: Server) -> None:
    """AUD-2, AUD-6: a value that was changed beside the chain does not get a new beginning elsewhere."""
    home, _ = books
    database.run(home, "update kept_values set value = 'a word of mine'")
    with pytest.raises(AuditError, match="is not the one that the ledger cites"):
        move_ledger(home, postgres.new_schema(), by="ana")


@pytest.mark.parametrize("step", ["leave_word", "_settle"])
def test_cut_short_it_is_finished_by_the_next_call(books, postgres: Server, monkeypatch, step: str) -> None:
    """SYN-2: killed behind the copy, or behind the word: no second copy, no ledger lost, and one of them takes rows."""
    home, _ = books
    url, before = postgres.new_schema(), Ledger.open(home).events()

    def killed(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(moving, step, killed)
        with pytest.raises(KeyboardInterrupt):
            move_ledger(home, url, by="ana")
    if step == "_settle":
        with pytest.raises(InputError, match="moved to Postgres"):
            Ledger.open(home)
    assert move_ledger(home, url, by="ana").left_behind
    monkeypatch.setenv("WB_LEDGER", url)
    assert Ledger.open(home).events() == before


def test_command_says_what_to_do_next(books, postgres: Server, wb, monkeypatch) -> None:
    """FLD-7, OPS-5: the URL stands in the environment; a password on the command line is refused, and not shown."""
    home, _ = books
    given = ("ledger", "move", "--home", home.root, "--by", "ana", "--to")
    refused = wb(*given, "postgresql://ana:geheim@host/books")
    assert (refused.exit_code, "geheim" in refused.err) == (2, False)
    assert "WB_LEDGER_TO is not set" in wb(*given, "postgres:").err
    monkeypatch.setenv("WB_LEDGER_TO", postgres.new_schema())
    moved = wb(*given, "postgres:")
    assert "Set WB_LEDGER to its URL from now on." in moved.out
    assert "ledger.sqlite is left behind" in moved.out
