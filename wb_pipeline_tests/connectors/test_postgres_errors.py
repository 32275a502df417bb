"""A CRM in Postgres that rounds, refuses, swallows or is interrupted: what each call is told, and what stands after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from wb_pipeline.connectors.postgres_writing import WritablePostgres
from wb_pipeline.connectors.writing import CrmAnswer, CrmError, Locked, Refused, Unavailable
from wb_pipeline_tests.connectors.crm_database import SCHEMA
from wb_pipeline_tests.connectors.crm_folder import call
from wb_pipeline_tests.postgres_server import Server

TITLE = call("update", "con-1", fields={"title": "Chair"}, expected={"title": "CTO"}, key="1")
OTHER = call("update", "con-2", fields={"title": "X"}, key="2")


@pytest.fixture
def url(postgres: Server) -> str:
    """Return the URL of a CRM of the test's own."""
    made = postgres.new_schema()
    postgres.run(*SCHEMA, url=made)
    return made


@pytest.fixture
def crm(url: str) -> Iterator[WritablePostgres]:
    """Return it, opened to write."""
    opened = WritablePostgres(url, lock_seconds=0.3)
    yield opened
    opened.close()


def titles(crm: WritablePostgres) -> list[Any]:
    """Return the titles of the first two contacts."""
    read = crm.read("contact", ["con-1", "con-2"])
    return [read[record_id].fields.get("title") for record_id in ("con-1", "con-2")]


def raising(code: str) -> tuple[str, str]:
    """Return statements that let the database raise an error for the title `Chair`."""
    return (
        f"""create function raises() returns trigger language plpgsql as $$
        begin if new.title = 'Chair' then raise exception 'so it is' using errcode = '{code}'; end if;
        return new; end $$""",
        "create trigger raises before update on contact for each row execute function raises()",
    )


def test_number_that_a_column_rounds_is_refused(crm: WritablePostgres, postgres: Server, url: str) -> None:
    """SYN-4: a column of two decimals does not make another number of the value; nothing of the call stands."""
    rounded = {"score": 1.234, "title": "Chair"}
    answers = crm.write_many([
        call("update", "con-1", fields=rounded, key="1"),
        call("create", fields={"email": "new@a.example", **rounded, "nothing": None}, key="3"),
        OTHER,
    ])  # fmt: skip
    assert [type(answer) for answer in answers] == [Refused, Refused, CrmAnswer]
    assert titles(crm) == ["CTO", "X"]
    assert postgres.run("select count(*) from contact", url=url) == [(3,)]


@pytest.mark.parametrize(
    ("code", "kind"),
    [("40001", Locked), ("40P01", Locked), ("57014", Unavailable), ("53100", Unavailable), ("P0001", Refused)],
)
def test_error_of_the_database_is_told_as_what_it_means(
    crm: WritablePostgres, postgres: Server, url: str, code: str, kind: type[CrmError]
) -> None:
    """SYN-4: what goes away is tried again, what does not is refused; neither takes the rest of the batch with it."""
    postgres.run(*raising(code), url=url)
    assert [type(answer) for answer in crm.write_many([TITLE, OTHER])] == [kind, CrmAnswer]
    assert titles(crm) == ["CTO", "X"]


def test_write_that_a_trigger_swallows_is_not_told_as_done(crm: WritablePostgres, postgres: Server, url: str) -> None:
    """SYN-1: what the database did not do is an error, for an update as for a create."""
    postgres.run(
        "create function swallows() returns trigger language plpgsql as 'begin return null; end'",
        "create trigger swallows before update or insert on contact for each row execute function swallows()",
        url=url,
    )
    answers = crm.write_many([TITLE, call("create", fields={"title": "Y"}, key="3")])
    assert all(isinstance(answer, CrmError) for answer in answers)


def test_record_that_is_held_for_long_is_compared_once_it_is_free(crm: WritablePostgres, url: str) -> None:
    """SYN-3: who holds a record may have changed it: first it is locked for us, then it is another value."""
    with psycopg.connect(url) as other:
        other.execute("update contact set title = 'CEO' where id = 'con-1'")
        assert [type(answer) for answer in crm.write_many([TITLE, OTHER])] == [Locked, CrmAnswer]
        other.commit()
    (answer,) = crm.write_many([TITLE])
    assert isinstance(answer, CrmError)
    assert titles(crm) == ["CEO", "X"]


def test_interrupted_batch_is_never_committed_later(crm: WritablePostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPS-4: Ctrl-C in the middle: what was written so far goes with its connection."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WritablePostgres, "_carry_out_one", interrupted)
        with pytest.raises(KeyboardInterrupt):
            crm.write_many([TITLE])
    with monkeypatch.context() as patch:
        patch.setattr(WritablePostgres, "_committed", interrupted)
        with pytest.raises(KeyboardInterrupt):
            crm.write_many([TITLE])
    crm.close()
    assert titles(crm) == ["CTO", "VP"]
