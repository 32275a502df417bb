"""The ledger in Postgres alone: found by URL only, guarded against its owner's slips, verified and restored."""

from __future__ import annotations

import gc
import subprocess
import threading
import time

import psycopg
import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.audit.why import record_history
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger import dialect_postgres
from wb_pipeline.ledger.attempts import start_attempt
from wb_pipeline.ledger.chain import NewEvent
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.databases import Database
from wb_pipeline_tests.ledger.factories import small_books
from wb_pipeline_tests.ledger.people import books_with_queue, decide, write
from wb_pipeline_tests.postgres_server import Server, program

pytestmark = pytest.mark.parametrize("database", ["postgres"], indirect=True)
NAME = "ledger in Postgres"
GUARDS_OF_EVENTS = [name for name in dialect_postgres.GUARDS if name.startswith("events_")]


def _append(ledger: Ledger, count: int = 1) -> None:
    ledger.append([NewEvent("test", str(number), {"number": number}) for number in range(count)], recorded_by="ana")


def test_home_without_the_url_is_an_error_and_no_new_ledger(home: Home, ledger: Ledger, monkeypatch) -> None:
    """OPS-5: the URL stands in the environment only; without it the home is not mistaken for a new one."""
    _append(ledger)
    assert sorted(path.name for path in home.root.glob("ledger*") if path.suffix != ".lock") == [
        "ledger.elsewhere",
        "ledger.head",
    ]
    monkeypatch.delenv("WB_LEDGER")
    for use in (Ledger.open, verify_books):
        with pytest.raises(InputError, match="lies in Postgres"):
            use(home)
    assert not home.ledger.exists()


def test_home_and_url_have_to_belong_together(tmp_path, home: Home, ledger: Ledger, monkeypatch) -> None:
    """AUD-2: a home is not opened with the ledger of another one, nor with a second one beside its own."""
    _append(ledger)
    with pytest.raises(AuditError, match=r"ledger\.head is missing"):
        Ledger.open(Home(tmp_path / "another"))
    with monkeypatch.context() as without:
        without.delenv("WB_LEDGER")
        Ledger.open(Home(tmp_path / "small"))
    with pytest.raises(InputError, match=r"keeps its ledger in ledger\.sqlite"):
        Ledger.open(Home(tmp_path / "small"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:geheim@127.0.0.1:1/books",
        "postgresql://ana:geheim@[::1/books",
        "postgresql://ana:geheim@127.0.0.1:port/books",
        "mysql://ana:geheim@host/books",
        "postgresql://ana:geheim@127.0.0.1:1/books?nonsense=1",
    ],
)
def test_password_is_in_no_message(home: Home, database: Database, monkeypatch, url: str) -> None:
    """OPS-5: what goes wrong is said without the URL's password."""
    monkeypatch.setenv("WB_LEDGER", url)
    with pytest.raises((AuditError, InputError)) as failed:
        Ledger.open(home)
    assert "geheim" not in str(failed.value)
    assert not home.ledger_marker.exists()


def test_command_finds_the_ledger(home: Home, ledger: Ledger, wb, monkeypatch) -> None:
    """FLD-7: every command finds a ledger in Postgres, and says so plainly where the URL is missing."""
    _append(ledger)
    done = wb("mode", "set", "read_only", "--by", "dana", "--reason", "a test", "--home", home.root)
    assert done.exit_code == 0, done.err
    assert wb("audit", "verify", "--home", home.root).exit_code == 0
    assert len(Ledger.open(home).events("mode_switched")) == 1
    monkeypatch.delenv("WB_LEDGER")
    assert "WB_LEDGER" in wb("mode", "show", "--home", home.root).err


@pytest.mark.parametrize(
    "statement",
    [
        "truncate events",
        "truncate kept_values, attempts",
        "set session_replication_role = replica; delete from events",
        "copy events from program 'echo 7,k,a,b,s,p,h,x' with (format csv)",
        (
            "create temp table events (sequence bigint, event_hash text);"
            "insert into s{0}.events select sequence + 7, kind, '', '', '', '', event_hash, '' from s{0}.events"
        ),
    ],
)
def test_database_refuses_what_only_postgres_can(
    home: Home, ledger: Ledger, database: Database, statement: str
) -> None:
    """AUD-2: truncating, replicating, copying in and shadowing the table are refused by the database itself."""
    _append(ledger, 2)
    schema = (database.url or "").rpartition("%3Ds")[2]
    with pytest.raises(psycopg.Error, match=r"never|follow"):
        database.run(home, statement.format(schema))


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["update events set recorded_by = 'eve' where sequence = 2"], "its hash does not fit"),
        (["delete from events where sequence = 2"], "event 2 is missing"),
        (["delete from events where sequence = 3"], "the tail was cut"),
        (["alter table events disable trigger events_are_never_deleted"], "events_are_never_deleted was removed"),
        (["drop trigger events_are_never_truncated on events"], "events_are_never_truncated was removed"),
        (["alter table events enable trigger events_are_never_updated"], "events_are_never_updated was removed"),
        (
            [("create or replace function events_are_only_appended() returns trigger language plpgsql as "
             "$$begin return new; end$$")],
            "events_are_only_appended was removed or changed",
        ),
        (["update kept_values set value = 'eve'"], "its digest does not fit"),
        (["delete from kept_values"], "is gone, and no event says"),
        (["drop table events"], "the tail was cut"),
    ],
)  # fmt: skip
def test_verify_finds_what_the_owner_of_the_database_changed(
    home: Home, ledger: Ledger, database: Database, statements: list[str], found: str
) -> None:
    """AUD-2: whoever may switch the guards off is found by the chain, and so is a guard that is off."""
    _append(ledger)
    decide(ledger, "c-1", edited={"title": "CTO"})
    _append(ledger)
    before = {str(finding) for finding in verify_books(home).findings}
    if not statements[0].startswith(("alter", "drop", "create")):
        on = [f"alter table events enable always trigger {name}" for name in GUARDS_OF_EVENTS]
        statements = ["alter table events disable trigger all", *statements, *on]
    database.run(home, *statements)
    new = [str(finding) for finding in verify_books(home).findings if str(finding) not in before]
    assert any(found in finding for finding in new), new
    assert all(finding.startswith(NAME) for finding in new)


def test_writer_that_waits_too_long_is_told_so(home: Home, ledger: Ledger, monkeypatch) -> None:
    """OPS-4: a lock that somebody keeps is said in words, and nothing is written."""
    monkeypatch.setattr(dialect_postgres, "_LOCK", dialect_postgres._LOCK.replace("60s", "100ms"))
    holds, done = threading.Event(), threading.Event()

    def hold() -> None:
        with Ledger.open(home).writing("bo") as book:
            holds.set()
            done.wait(30)
            book.append([NewEvent("test", "held")])

    holder = threading.Thread(target=hold)
    holder.start()
    assert holds.wait(30)
    with pytest.raises(AuditError, match="in use by another process"):
        _append(ledger)
    # Readers do not wait for the writer.
    assert ledger.head().sequence == 0
    done.set()
    holder.join(30)
    assert [event.subject for event in ledger.events()] == ["held"]


def test_odd_texts_are_stored(ledger: Ledger) -> None:
    """CON-7: NUL, half characters and very long subjects are no reason to lose an event."""
    subject = "".join(chr(0x4E00 + number % 9_000) for number in range(9_000))
    with ledger.writing("dana\0") as book:
        digest = book.keep("a\0b\ud800")
        book.append([NewEvent("test", "x\0"), NewEvent("test", subject, {"percent": "%s %I", "nul": "\0"})])
    assert ledger.kept([digest]) == {digest: "a?b?"}
    assert [event.recorded_by for event in ledger.events(subject=subject)] == ["dana?"]
    assert ledger.events(subject=subject)[0].payload == {"percent": "%s %I", "nul": "\0"}


def test_database_of_another_encoding_is_refused(home: Home, postgres: Server, monkeypatch, database) -> None:
    """CON-7: a database that could not hold every name is refused before anything is in it."""
    monkeypatch.setenv("WB_LEDGER", postgres.new_database("encoding 'LATIN1' locale 'C' template template0"))
    with pytest.raises(InputError, match="LATIN1"):
        Ledger.open(home)


def test_dump_comes_back_whole(tmp_path, database: Database, postgres: Server, monkeypatch) -> None:
    """OPS-4, OPS-6, AUD-2: a backup by pg_dump, put into an empty database, verifies, is guarded and goes on."""
    if not (program("pg_dump") and program("psql")):
        pytest.skip("no pg_dump and psql")
    home, ledger = small_books(tmp_path)
    with ledger.writing("dana") as book:
        book.keep("x")
    dumped = subprocess.run([program("pg_dump"), database.url or ""], capture_output=True, check=True)
    url = postgres.new_database()
    command = [program("psql"), "-q", "-v", "ON_ERROR_STOP=1", url]
    subprocess.run(command, input=dumped.stdout, capture_output=True, check=True)
    schema = (database.url or "").rpartition("%3D")[2]
    monkeypatch.setenv("WB_LEDGER", f"{url}&options=-csearch_path%3D{schema}")
    report = verify_books(home)
    assert (report.findings, report.head) == ((), ledger.head().event_hash)
    _append(Ledger.open(home))
    assert verify_books(home).findings == ()


def test_user_with_few_rights_is_enough(home: Home, ledger: Ledger, database: Database, monkeypatch) -> None:
    """OPS-5, AUD-2: who writes the ledger every day may neither change a row nor take a guard off."""
    with ledger.writing("dana") as book:
        digest = book.keep("x")
    schema = (database.url or "").rpartition("%3D")[2]
    writer = f"writer_of_{schema}"
    database.run(
        home,
        f"create role {writer} login",
        f"grant usage on schema {schema} to {writer}",
        f"grant select, insert on all tables in schema {schema} to {writer}",
        f"grant usage on all sequences in schema {schema} to {writer}",
    )
    monkeypatch.setenv("WB_LEDGER", (database.url or "").replace("postgres@", f"{writer}@"))
    limited = Ledger.open(home)
    _append(limited, 2)
    start_attempt(limited, "run-1")
    assert limited.kept([digest]) == {digest: "x"}
    assert verify_books(home).findings == ()
    server = database.server
    assert server
    for statement in ("update events set kind = 'x'", "alter table events disable trigger all"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.run(statement, url=(database.url or "").replace("postgres@", f"{writer}@"))


def test_lost_database_is_not_started_anew(tmp_path, database: Database) -> None:
    """OPS-4: an empty database behind sealed decisions is an error, not a new ledger."""
    home, _ = small_books(tmp_path, batches=1)
    database.lose(home)
    with pytest.raises(AuditError, match="its ledger is gone"):
        Ledger.open(home)


def test_answers_and_sealed_changes_are_read_from_postgres(tmp_path, database: Database) -> None:
    """AUD-3: who changed what, when and why is answered from either database."""
    home, ledger, ids = books_with_queue(tmp_path)
    decide(ledger, ids[0], words="because\0")
    write(ledger, ids[0])
    assert [change.change_id for change in sealed_changes(home, ledger, change_ids=[ids[0]])] == [ids[0]]
    answer = record_history(home, ledger, "contact", "con-0")
    steps = {step.kind for decision in answer.decisions for step in decision.steps}
    assert {"item_decided", "write_planned", "write_settled"} <= steps


def _sessions(database: Database) -> set[int]:
    assert database.server
    rows = database.server.run("select pid from pg_stat_activity where application_name = 'wb_pipeline'")
    return {pid for (pid,) in rows}


def test_session_is_used_again_opened_anew_where_it_broke_and_ends_with_the_ledger(
    home: Home, ledger: Ledger, database: Database
) -> None:
    """OPS-4: reading and writing open no session each time; a server that was restarted stops nobody."""
    gc.collect()
    before = _sessions(database)
    opened = Ledger.open(home)
    for _ in range(5):
        _append(opened)
        opened.events()
    [own] = _sessions(database) - before
    assert database.server
    database.server.run(f"select pg_terminate_backend({own}, 10000)")
    _append(opened)
    [another] = _sessions(database) - before
    assert another != own
    del opened
    gc.collect()
    until_gone = time.monotonic() + 30
    while another in _sessions(database):
        assert time.monotonic() < until_gone
        time.sleep(0.01)
    assert len(ledger.events()) == 6
