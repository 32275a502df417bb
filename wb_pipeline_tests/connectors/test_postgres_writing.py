"""Writing to a CRM in Postgres."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from wb_pipeline.connectors.opening import opened_crm
from wb_pipeline.connectors.postgres_writing import WritablePostgres
from wb_pipeline.connectors.writing import (
    KEY_FIELD,
    Conflict,
    CrmAnswer,
    CrmRecord,
    Locked,
    OutcomeUnknown,
    Refused,
    Unavailable,
)
from wb_pipeline_tests.connectors.crm_database import SCHEMA, breaking_wire
from wb_pipeline_tests.connectors.crm_folder import SENT, call
from wb_pipeline_tests.postgres_server import Server

MERGE = call("merge", "com-1", object="company", fields={"name": "Acme SE"}, loser_id="com-2", key="m-1")


@pytest.fixture
def url(postgres: Server) -> str:
    """A database of a firm, in a schema of its own."""
    found = postgres.new_schema()
    postgres.run(*SCHEMA, url=found)
    return found


@pytest.fixture
def crm(url: str) -> Iterator[WritablePostgres]:
    """Return the CRM of `url`."""
    opened = WritablePostgres(url, lock_seconds=0.2)
    yield opened
    opened.close()


def only(crm: WritablePostgres, *calls: Any) -> Any:
    """Return the answer to the last of some calls."""
    return crm.write_many(calls)[-1]


def test_update_changes_the_row_and_says_by_whom(crm: WritablePostgres, postgres: Server, url: str) -> None:
    """SYN-1: new value, last writer, history, time and key stand in the row; other fields are what they were."""
    before = crm.read("contact", ["con-1"])["con-1"].fields
    answer = only(crm, call("update", "con-1", fields={"title": "Chair"}, expected={"title": "CTO", "score": 10.5}))
    assert answer == CrmAnswer("con-1", "written")
    record = crm.read("contact", ["con-1", "con-9"])
    assert record == {"con-1": CrmRecord("contact", "con-1", before | {"title": "Chair", KEY_FIELD: "key-1"})}
    at = "2026-03-02T09:00:00.000000Z"
    query = "select meta, history, updated_at = '2026-03-02T09:00:00Z' from contact where id = 'con-1'"
    rows = postgres.run(query, url=url)
    history = [{"field": "title", "old": "CTO", "new": "Chair", "by": "agent:a-1", "at": at}]
    assert rows == [({"title": {"by": "agent:a-1", "at": at}}, history, True)]


def test_every_type_of_column_takes_and_gives_json_values(crm: WritablePostgres) -> None:
    """SYN-1, SYN-3: what is written is read back as it was written, and compared as such."""
    fields = {"score": 1.25, "tags": ["x"], "born": "2000-12-31", "do_not_contact": True, "notes": {"a": [None, 1]}}
    odd = {'Odd "name': "%s ' \" $1"}
    assert isinstance(only(crm, call("update", "con-1", fields=fields | odd, expected={"tags": ["a", "b"]})), CrmAnswer)
    read = crm.read("contact", ["con-1"])["con-1"].fields
    assert {name: read[name] for name in (*fields, *odd)} == fields | odd
    emptied = call("update", "con-1", fields=dict.fromkeys(fields), expected=fields, key="key-2")
    assert isinstance(only(crm, emptied), CrmAnswer)
    assert not fields.keys() & crm.read("contact", ["con-1"])["con-1"].fields.keys()
    filled = call("update", "con-1", fields={"score": 2}, expected={"score": None}, key="key-3")
    assert isinstance(only(crm, filled), CrmAnswer)


def test_each_call_of_a_batch_is_answered_by_itself(crm: WritablePostgres) -> None:
    """SYN-3, SYN-4: conflicts and refusals leave the rest of the batch alone; a later call sees an earlier one."""
    answers = crm.write_many([
        call("update", "con-1", fields={"title": "A"}, expected={"title": "something else"}, key="1"),
        call("update", "con-9", fields={"title": "B"}, key="2"),
        call("update", "con-2", fields={"title": "C"}, expected={"title": "VP"}, key="3"),
        call("update", "con-2", fields={"title": "D"}, expected={"title": "VP"}, key="4"),
        call("update", "con-3", fields={"email": "ana@a.example"}, key="5"),
        call("update", "con-3", fields={"title": "x" * 41}, key="6"),
        call("update", "con-3", fields={"score": "much"}, key="7"),
        call("update", "con-3", fields={"do_not_contact": False}, key="8"),
        call("update", "con-3", fields={"company_id": "com-9"}, key="9"),
        call("update", "con-3", fields={"no_such": 1}, key="10"),
        call("update", "con-3", fields={"title": "nul \0"}, key="11"),
        call("update", "con-3", fields={"title": ["a"]}, key="12"),
        call("update", "con-3", fields={"score": float("nan")}, key="13"),
        call("create", object="spaceship", fields={}, key="14"),
        call("update", "con-3", fields={"id": "con-1"}, key="15"),
        call("update", "con-3", fields={"title": "Last"}, key="16"),
    ])  # fmt: skip
    kinds = [Conflict, Refused, CrmAnswer, Conflict, *[Refused] * 11, CrmAnswer]
    assert [type(answer) for answer in answers] == kinds
    assert "unique violation, constraint contact_email_key" in answers[4].text
    # A value in the database's own words would stand in the ledger for ever.
    assert not any("ana@a" in answer.text or "much" in answer.text for answer in answers)
    read = crm.read("contact", ["con-1", "con-2", "con-3"])
    assert {key: each.fields["title"] for key, each in read.items()} == {"con-1": "CTO", "con-2": "C", "con-3": "Last"}


def test_call_sent_again_is_not_carried_out_again(crm: WritablePostgres) -> None:
    """SYN-2: the key in the record tells: an update, a create, an enrolment or a merge happens once."""
    calls = [
        call("update", "con-1", fields={"title": "Chair"}, expected={"title": "CTO"}),
        call("create", fields={"email": "a@b.example", "title": None}, key="key-2"),
        call("enroll", object="enrollment", fields={"workflow_id": "wf-1"}, key="key-3"),
        call("archive", "con-2", key="key-4"),
        call("create", object="activity", fields={"type": "note"}, key="key-5"),
        call("create", object="deal", fields={"name": "Small"}, key="key-6"),
        MERGE,
    ]
    first = crm.write_many(calls)
    assert all(isinstance(answer, CrmAnswer) for answer in first), first
    second = crm.write_many(calls)
    assert [answer.record_id for answer in first] == [answer.record_id for answer in second]
    assert [answer.text.endswith("before") for answer in second] == [True] * len(calls)
    assert crm.find_by_key("contact", ["key-2", "key-9"]) == {"key-2": first[1].record_id}
    assert crm.find_by_key("deal", ["key-6"]) == {"key-6": first[5].record_id}
    # Found by its id too, once somebody else's key stands in the record.
    only(crm, call("update", first[1].record_id, fields={"title": "CEO"}, key="key-7"))
    assert only(crm, calls[1]) == CrmAnswer(first[1].record_id, "was created before")


def test_merge_archives_the_loser_and_moves_what_pointed_to_it(crm: WritablePostgres) -> None:
    """SYN-1: the survivor has the surviving values, the loser says where it went, references follow, all or none."""
    assert only(crm, MERGE) == CrmAnswer("com-1", "merged; 3 references moved")
    companies = crm.read("company", ["com-1", "com-2"])
    assert companies["com-1"].fields["name"] == "Acme SE"
    assert (companies["com-2"].is_archived, companies["com-2"].merged_into) == (True, "com-1")
    assert {each.fields["company_id"] for each in crm.read("contact", ["con-1", "con-2"]).values()} == {"com-1"}
    assert crm.read("deal", ["1"])["1"].fields["company_id"] == "com-1"
    late = call("update", "com-2", object="company", fields={"name": "x"}, key="late")
    assert isinstance(only(crm, late), Conflict)
    assert isinstance(only(crm, call("merge", "com-1", object="company", loser_id="com-1", key="m-2")), Refused)


def test_merge_that_fails_leaves_everything_as_it_was(crm: WritablePostgres, postgres: Server, url: str) -> None:
    """SYN-1: a merge is one deed: what stops it in the middle takes back its beginning."""
    postgres.run("alter table deal add constraint stays check (company_id <> 'com-1')", url=url)
    assert isinstance(only(crm, MERGE), Refused)
    assert crm.read("company", ["com-2"])["com-2"] == CrmRecord("company", "com-2", {"name": "Acme Inc"})
    assert crm.read("contact", ["con-1"])["con-1"].fields["company_id"] == "com-2"


def test_time_of_a_row_never_runs_back(crm: WritablePostgres, postgres: Server, url: str) -> None:
    """SYN-3: the row written last is the one that counts, also where its own clock was ahead."""
    only(crm, call("update", "con-3", fields={"title": "x"}))
    rows = postgres.run("select updated_at - '2030-01-01T00:00:00Z' from contact where id = 'con-3'", url=url)
    assert rows == [(timedelta(microseconds=1),)]


def test_locked_record_is_said_to_be_locked(crm: WritablePostgres, url: str) -> None:
    """SYN-4: a record that somebody holds is tried later; the others of the batch are written."""
    with psycopg.connect(url) as holder:
        holder.execute("select * from contact where id = 'con-1' for update")
        answers = crm.write_many([call("update", each, fields={"title": "x"}, key=each) for each in ("con-1", "con-2")])
        assert [type(answer) for answer in answers] == [Locked, CrmAnswer]
    assert isinstance(only(crm, call("update", "con-1", fields={"title": "x"})), CrmAnswer)


@pytest.mark.parametrize("delivers", [False, True])
def test_commit_without_an_answer_is_unknown_and_found_out_by_reading(
    crm: WritablePostgres, postgres: Server, url: str, tmp_path: Path, delivers: bool
) -> None:
    """SYN-2, SYN-4: whether a commit came through is not guessed; the key in the record says it."""
    calls = [
        call("update", "con-1", fields={"title": "Chair"}),
        call("update", "con-9", fields={"title": "x"}, key="k-2"),
        call("create", fields={"email": "a@b.example"}, key="k-3"),
    ]
    with breaking_wire(postgres.folder, tmp_path, b"commit\0", delivers=delivers) as host:
        other = WritablePostgres(url.replace(str(postgres.folder), host))
        answers = other.write_many(calls)
        other.close()
    assert [type(answer) for answer in answers] == [OutcomeUnknown, Refused, OutcomeUnknown]
    end = time.monotonic() + 5
    while delivers and KEY_FIELD not in crm.read("contact", ["con-1"])["con-1"].fields and time.monotonic() < end:
        time.sleep(0.02)
    assert (crm.read("contact", ["con-1"])["con-1"].fields.get(KEY_FIELD) == "key-1") is delivers
    assert (crm.find_by_key("contact", ["k-3"]) != {}) is delivers


def test_connection_lost_before_the_commit_had_no_effect(crm: WritablePostgres, postgres: Server, url: str) -> None:
    """SYN-4: what was never committed is surely not carried out; the next call opens the connection anew."""
    kill = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'wb_pipeline'"
    postgres.run(kill)
    assert isinstance(only(crm, call("update", "con-1", fields={"title": "x"})), Unavailable)
    assert crm.read("contact", ["con-1"])["con-1"].fields["title"] == "CTO"
    postgres.run(
        "create function die() returns trigger language plpgsql as"
        " $$begin perform pg_terminate_backend(pg_backend_pid()); return new; end$$",
        "create trigger die before update on contact for each row when (new.title = 'die') execute function die()",
        url=url,
    )
    answers = crm.write_many([call("update", each, fields={"title": "die"}, key=each) for each in ("con-2", "con-1")])
    assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
    assert isinstance(only(crm, call("update", "con-1", fields={"title": "x"})), CrmAnswer)


def test_two_writers_at_once_make_one_change(crm: WritablePostgres, url: str) -> None:
    """SYN-2, SYN-3: of two that expect the same value one wins; two that create under one key make one record."""
    answers: list[Any] = []

    def write(by: str) -> None:
        with opened_crm(url) as other:
            for number in range(15):
                expected = {"title": "CTO" if number == 0 else f"v{number - 1}"}
                update = call("update", "con-1", fields={"title": f"v{number}"}, expected=expected, key=f"{by}{number}")
                made = call("create", object="deal", fields={"name": "D"}, key=f"c{number}", sent_at=SENT)
                answers.extend(other.write_many([update, made]))

    writers = [threading.Thread(target=write, args=(name,)) for name in ("ana", "bo")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert crm.read("contact", ["con-1"])["con-1"].fields["title"] == "v14"
    assert sum(answer == CrmAnswer("con-1", "written") for answer in answers) == 15
    assert sum(isinstance(answer, Conflict) for answer in answers) == 15
    assert sum(isinstance(answer, CrmAnswer) and answer.text == "created" for answer in answers) == 15
