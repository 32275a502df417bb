"""Pulling a CRM from Postgres."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.cli.options import CrmSource
from wb_pipeline.connectors.base import PULLED_SCHEMAS
from wb_pipeline.connectors.opening import POSTGRES, opened_crm, pulled_crm
from wb_pipeline.connectors.postgres import PostgresConnector
from wb_pipeline.connectors.postgres_writing import WritablePostgres
from wb_pipeline.connectors.snapshots import keep_pull
from wb_pipeline.connectors.writing import KEY_FIELD
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import load_policy
from wb_pipeline.review.policies import crm_names
from wb_pipeline.steps.intake import register_policy, take_snapshot
from wb_pipeline_tests.connectors.crm_database import OTHER_NAMES, OTHER_SCHEMA, SCHEMA
from wb_pipeline_tests.connectors.crm_folder import SENT, call, row, write_rows
from wb_pipeline_tests.postgres_server import Server


@pytest.fixture
def url(postgres: Server) -> str:
    """A database of a firm, in a schema of its own."""
    found = postgres.new_schema()
    postgres.run(*SCHEMA, url=found)
    return found


def records(pull: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the pulled rows by object and id."""
    return {(each["object"], each["record_id"]): each for each in pull.rows.to_pylist()}


def test_pull_brings_the_contracts_rows(url: str) -> None:
    """SYN-1, CON-1: every table that the contract knows, every type of column, times in UTC, who wrote last."""
    crm = WritablePostgres(url)
    crm.write_many([call("update", "con-2", fields={"title": "Chair"})])
    crm.close()
    pull = PostgresConnector(url).pull_crm()
    assert pull.rows.schema == PULLED_SCHEMAS["crm"]
    found = records(pull)
    assert sorted(found) == [
        ("company", "com-1"), ("company", "com-2"), ("contact", "con-1"), ("contact", "con-2"), ("contact", "con-3"),
        ("deal", "1"),
    ]  # fmt: skip
    first, second = found["contact", "con-1"], found["contact", "con-2"]
    assert json.loads(first["fields"]) == {
        "email": "ana@a.example", "title": "CTO", "score": 10.5, "tags": ["a", "b"], "born": "1990-01-02",
        "notes": {"x": [1]}, "company_id": "com-2",
    }  # fmt: skip
    assert first["updated_at"].isoformat() == "2026-02-28T22:00:00"
    assert json.loads(second["field_writers"])["title"] == {"by": "agent:a-1", "at": "2026-03-02T09:00:00Z"}
    assert json.loads(second["history"])[0]["old"] == "VP"
    assert json.loads(second["fields"])[KEY_FIELD] == "key-1"
    assert (pull.rejected.num_rows, pull.notices) == (0, {})


def test_snapshot_of_equal_records_is_the_same_from_files_and_from_postgres(tmp_path: Path, postgres: Server) -> None:
    """CON-1: what is judged does not depend on where the CRM lies."""
    url = postgres.new_schema()
    postgres.run(
        "create table contact (id text primary key, title text, score numeric, updated_at timestamptz, archived bool)",
        "insert into contact values ('con-1', 'CTO', 10, '2026-03-01T00:00:00Z', false)",
        "insert into contact values ('con-2', null, null, null, true)",
        url=url,
    )
    write_rows(
        tmp_path / "crm" / "contacts.jsonl",
        row("contact", "con-1", fields={"title": "CTO", "score": 10}, updated_at="2026-03-01T00:00:00Z"),
        row("contact", "con-2", archived=True, updated_at=None),
    )
    hashes = {
        keep_pull(Home(tmp_path / str(number)), pulled_crm(target)).content_hash
        for number, target in enumerate((url, str(tmp_path / "crm")))
    }
    assert len(hashes) == 1


def test_pull_takes_the_names_of_the_policy(postgres: Server) -> None:
    """SYN-1: tables and columns go by the policy's names."""
    url = postgres.new_database()
    postgres.run(*OTHER_SCHEMA, url=url)
    found = records(PostgresConnector(url, OTHER_NAMES).pull_crm())
    assert json.loads(found["contact", "7"]["fields"]) == {"title": "CTO", "phone": "1"}


def test_row_that_is_no_record_is_rejected_and_an_empty_database_is_noticed(postgres: Server) -> None:
    """CON-7: what cannot be read is on record, with its reason; nothing at all is said too."""
    url = postgres.new_schema()
    assert PostgresConnector(url).pull_crm().notices == {"no CRM records were found in postgres:postgres": 1}
    postgres.run(
        "create table contact (id text, title text, archived text)",
        "insert into contact values ('', 'x', null), ('con-1', 'y', 'perhaps'), ('con-2', 'z', null)",
        url=url,
    )
    pull = PostgresConnector(url).pull_crm()
    assert [key for _, key in records(pull)] == ["con-2"]
    assert pull.rejected.num_rows == 2


def test_run_and_apply_go_by_the_policys_names(tmp_path: Path, postgres: Server, monkeypatch: Any) -> None:
    """SYN-1, OPS-5: the CRM is named by a word, its URL by the environment, its tables by the policy in force."""
    url = postgres.new_database()
    postgres.run(*OTHER_SCHEMA, url=url)
    monkeypatch.setenv("WB_CRM_URL", url)
    home, policy = Home(tmp_path / "home"), tmp_path / "policy.yaml"
    section = OTHER_NAMES.model_dump_json()
    policy.write_text(f"{default_policy_file().read_text()}\ncrm: {section}\n")
    ledger = Ledger.open(home)
    register_policy(home, ledger, policy)
    names = crm_names(home, ledger)
    assert names == OTHER_NAMES == load_policy(policy).document.crm
    assert CrmSource().convert(POSTGRES, None, None) == Path(POSTGRES)
    kept = take_snapshot(home, ledger, "crm", Path(POSTGRES), SENT, names=names)
    assert kept.row_count == 1
    with opened_crm(POSTGRES, names) as crm:
        assert crm.name == f"postgres:{url.partition('@/')[2].partition('?')[0]}"
        assert crm.read("contact", ["7"])["7"].fields["title"] == "CTO"


def test_url_in_a_command_is_refused_unseen(wb: Any, tmp_path: Path) -> None:
    """OPS-5: a command line is read by others; the message does not repeat what stood there."""
    batch = tmp_path / "batch.jsonl"
    batch.write_text("{}\n")
    run = wb("run", "--home", tmp_path / "home", "--batch", batch, "--crm", "postgresql://ana:geheim@host/crm")
    assert run.exit_code == 2
    assert "WB_CRM_URL" in run.err
    assert "geheim" not in run.err + run.out


def test_database_that_may_not_be_read_is_said_plainly(postgres: Server, url: str) -> None:
    """OPS-5: missing rights are one plain sentence."""
    postgres.run("create role reader_of_nothing login", url=url)
    schema = url.rpartition("%3D")[2]
    postgres.run(f"grant usage on schema {schema} to reader_of_nothing", url=url)
    with pytest.raises(InputError, match="permission denied"):
        PostgresConnector(url.replace("postgres@", "reader_of_nothing@")).pull_crm()
