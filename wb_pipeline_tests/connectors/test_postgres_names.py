"""What a CRM in Postgres is called: tables and columns by the policy, the database by the environment."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline.connectors.opening import opened_crm
from wb_pipeline.connectors.writing import KEY_FIELD, CrmAnswer, Refused, WritableCrm
from wb_pipeline.errors import InputError
from wb_pipeline.policy.models_crm import Crm
from wb_pipeline_tests.connectors.crm_database import OTHER_NAMES, OTHER_SCHEMA, SCHEMA
from wb_pipeline_tests.connectors.crm_folder import call
from wb_pipeline_tests.postgres_server import Server


@pytest.fixture
def url(postgres: Server) -> str:
    """A database of a firm, in a schema of its own."""
    found = postgres.new_schema()
    postgres.run(*SCHEMA, url=found)
    return found


def one(crm: WritableCrm, given: Any) -> Any:
    """Return the answer to one call."""
    return crm.write_many([given])[0]


def test_names_of_the_database_stand_in_the_policy(postgres: Server) -> None:
    """SYN-1: tables and columns of any name, ids that are numbers; nothing is put together as text."""
    url = postgres.new_database()
    postgres.run(*OTHER_SCHEMA, url=url)
    with opened_crm(url, OTHER_NAMES) as crm:
        made = call("create", fields={"title": "CEO"}, key="k-2")
        answers = crm.write_many([call("update", "7", fields={"title": "Chair"}, expected={"title": "CTO"}), made])
        assert [type(answer) for answer in answers] == [CrmAnswer, Refused], answers
        assert "person no" in answers[1].text
        read = crm.read("contact", ["7", "07", "x'); drop table sales.people; --"])
        assert {key: dict(each.fields) for key, each in read.items()} == {
            "7": {"title": "Chair", "phone": "1", KEY_FIELD: "key-1"}
        }
        assert isinstance(one(crm, call("update", "07", fields={"title": "x"})), Refused)
        assert isinstance(one(crm, call("update", "abc", fields={"title": "x"})), Refused)


@pytest.mark.parametrize(
    "names",
    [
        Crm(tables={"contact": "people"}, columns={}),
        Crm(tables={}, columns={"contact": {"title": "job"}}),
        Crm(tables={}, columns={"lead": {"title": "title"}}),
    ],
)
def test_name_that_the_database_does_not_know_is_a_mistake(url: str, names: Crm) -> None:
    """FLD-8: a misspelt name of the policy hides no field, and is told before anything is read."""
    with pytest.raises(InputError, match="crm of the policy"), opened_crm(url, names):
        pytest.fail("it was opened")


def test_key_that_is_no_text_is_a_mistake(postgres: Server) -> None:
    """SYN-2: a column that cannot hold the write's key is said before anything is written."""
    url = postgres.new_schema()
    postgres.run("create table contact (id text, title text, ai_writeback_key integer)", url=url)
    with pytest.raises(InputError, match="ai_writeback_key of contact is no text"), opened_crm(url):
        pytest.fail("it was opened")


def test_missing_columns_are_told_once_with_the_sql_that_adds_them(postgres: Server) -> None:
    """SYN-2, CNF-2, FLD-8: not at each write; what is told is what Postgres takes, also for names that are odd."""
    url = postgres.new_schema()
    postgres.run(
        "create table company (id text primary key, name text)",
        """create table "Per""sons" (nr text primary key, ai_writeback_key text, ai_writeback_source text)""",
        "create table workflow (id text primary key, name text)",
        url=url,
    )
    names = Crm(tables={"contact": 'Per"sons'}, columns={"contact": {"id": "nr"}})
    with pytest.raises(InputError) as failed, opened_crm(url, names):
        pytest.fail("it was opened")
    assert "company: ai_writeback_key" in failed.value.message
    assert "contact: ai_writeback_confidence, ai_writeback_evidence, ai_writeback_fields" in failed.value.message
    assert "workflow" not in failed.value.message
    hint = failed.value.hint or ""
    postgres.run(hint.partition("run: ")[2], url=url)
    with opened_crm(url, names) as crm:
        assert crm.read("company", ["com-1"]) == {}


@pytest.mark.parametrize(
    ("target", "variable", "word"),
    [
        ("postgresql://ana:geheim@host/crm", "", "password"),
        ("postgres:", "", "WB_CRM_URL is not set"),
        ("postgres:", "postgresql://ana:geheim@127.0.0.1:1/crm", "cannot be reached"),
        ("postgres:", "ana:geheim@host", "cannot be read"),
        ("postgresql://127.0.0.1:port/crm", "", "cannot be rea"),
    ],
)
def test_password_is_in_no_message(monkeypatch: pytest.MonkeyPatch, target: str, variable: str, word: str) -> None:
    """OPS-5: a password belongs in the environment, and is never shown."""
    monkeypatch.setenv("WB_CRM_URL", variable)
    with pytest.raises(InputError, match=word) as failed, opened_crm(target):
        pass
    assert "geheim" not in str(failed.value)
