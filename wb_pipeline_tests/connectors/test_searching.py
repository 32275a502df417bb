"""Finding records by the values of key fields: every spelling of a key, in files and in Postgres alike (IDN-1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.connectors.files_writing import WritableFiles
from wb_pipeline.connectors.postgres_search import EXPRESSIONS
from wb_pipeline.connectors.postgres_writing import WritablePostgres
from wb_pipeline.connectors.writing import WritableCrm
from wb_pipeline_tests.connectors.crm_folder import call, done, row, write_rows
from wb_pipeline_tests.postgres_server import Server

RECORDS: list[dict[str, Any]] = [
    row("contact", "c-1", fields={"email": " ANA@Acme.example ", "company_id": "f-1", "external_id": "A 1"}),
    row("contact", "c-2", fields={"email": "bo@m\u00fcnchen.de"}),
    row("contact", "c-3", fields={"email": "ana@acme.example"}, archived=True),
    row("contact", "c-4", fields={"email": "\uff45va@acme.example", "company_id": "f-2", "external_id": "a 1"}),
    row("contact", "c-5", fields={"email": None}),
    row("company", "f-1", fields={"domain": "https://www.Acme.example:443/about"}),
    row("company", "f-2", fields={"domain": "acme.example.", "additional_domains": ["WWW.Borealis.example"]}),
    row("company", "f-3", fields={"domain": "m\u00fcnchen.de"}),
    row("company", "f-4", fields={"domain": "notacme.example"}),
    row("activity", "a-1", fields={"message_id": "<ABC@mail.example>"}),
    row("activity", "a-2", fields={"message_id": "abc@mail.example%"}),
]  # fmt: skip
_OWN = "id text primary key, archived boolean, ai_writeback_key text, updated_at timestamptz, external_id text"
_TABLES = (
    f"create table contact ({_OWN}, email text, company_id text)",
    f"create table company ({_OWN}, domain text, additional_domains text[])",
    f"create table activity ({_OWN}, message_id varchar)",
)
SEARCHES: list[tuple[str, dict[str, list[str]], set[str]]] = [
    ("contact", {"email": ["ana@acme.example"]}, {"c-1"}),
    ("contact", {"email": ["bo@xn--mnchen-3ya.de", "nobody@acme.example"]}, {"c-2"}),
    ("contact", {"email": ["eva@acme.example"]}, {"c-4"}),
    ("contact", {"external_id": ["A 1"], "email": ["bo@xn--mnchen-3ya.de"]}, {"c-1", "c-2"}),
    ("contact", {"company_id": ["f-1"], "primary_contact_id": ["f-1"]}, {"c-1"}),
    ("contact", {"email": ["' or true --"]}, set()),
    ("company", {"domain": ["acme.example"], "additional_domains": ["acme.example"]}, {"f-1", "f-2"}),
    ("company", {"domain": ["borealis.example"], "additional_domains": ["borealis.example"]}, {"f-2"}),
    ("company", {"domain": ["xn--mnchen-3ya.de"]}, {"f-3"}),
    ("activity", {"message_id": ["abc@mail.example"]}, {"a-1"}),
    ("deal", {"external_id": ["A 1"]}, set()),
    ("contact", {"email": []}, set()),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> WritableFiles:
    """The records in files."""
    root = tmp_path_factory.mktemp("crm")
    write_rows(root / "everything.jsonl", *RECORDS)
    return WritableFiles(root)


@pytest.fixture(scope="module")
def database(postgres: Server) -> Iterator[WritablePostgres]:
    """The records in Postgres."""
    url = postgres.new_schema()
    postgres.run(*_TABLES, *map(_insert, RECORDS), url=url)
    opened = WritablePostgres(url)
    yield opened
    opened.close()


def _insert(record: dict[str, Any]) -> str:
    values = {"id": record["id"], "archived": record.get("archived"), **record["fields"]}
    text, table = json.dumps(values).replace("'", "''"), record["object"]
    return f"insert into {table} select * from jsonb_populate_record(null::{table}, '{text}')"


def _ids(crm: WritableCrm, name: str, wanted: dict[str, list[str]]) -> set[str]:
    found = crm.find_by_fields(name, wanted)
    assert {each.object for each in found} <= {name}
    return {each.record_id for each in found}


def test_folder_finds_every_spelling_of_a_key(folder: WritableFiles) -> None:
    """IDN-1, SYN-1: what is one key for the house is one for the search; archived records are none."""
    assert [_ids(folder, name, wanted) for name, wanted, _ in SEARCHES] == [ids for _, _, ids in SEARCHES]


def test_database_finds_every_spelling_of_a_key(database: WritablePostgres) -> None:
    """IDN-1, SYN-1: the same in Postgres, where values are parameters and hostile ones find nothing."""
    assert [_ids(database, name, wanted) for name, wanted, _ in SEARCHES] == [ids for _, _, ids in SEARCHES]


def test_expressions_of_the_search_can_have_an_index(database: WritablePostgres, postgres: Server) -> None:
    """IDN-1: the documented indexes are ones that Postgres makes."""
    url = postgres.new_schema()
    postgres.run("create table t (v text)", url=url)
    postgres.run(*(f"create index on t (({each.format('v')}))" for each in EXPRESSIONS.values()), url=url)
    assert len(EXPRESSIONS) == 5


def test_folder_knows_what_was_written_since_by_us_and_by_others(tmp_path: Path) -> None:
    """IDN-1: a record that was made, renamed or archived a moment ago is found as it is now."""
    path = tmp_path / "contacts.jsonl"
    write_rows(path, row("contact", "c-1", fields={"email": "a@x.example"}))
    crm = WritableFiles(tmp_path)
    assert _ids(crm, "contact", {"email": ["a@x.example"]}) == {"c-1"}
    [made] = done(crm, call("create", fields={"email": "b@x.example"}))
    assert _ids(crm, "contact", {"email": ["b@x.example"]}) == {made.record_id}
    done(crm, call("update", "c-1", fields={"email": "c@x.example"}, key="key-2"))
    assert _ids(crm, "contact", {"email": ["a@x.example", "c@x.example"]}) == {"c-1"}
    assert _ids(crm, "contact", {"email": ["a@x.example"]}) == set()
    done(crm, call("archive", "c-1", key="key-3"))
    assert _ids(crm, "contact", {"email": ["c@x.example"]}) == set()
    write_rows(path, row("contact", "c-9", fields={"email": "d@x.example"}))
    assert _ids(crm, "contact", {"email": ["b@x.example", "d@x.example"]}) == {"c-9"}
