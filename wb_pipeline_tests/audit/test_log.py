"""The audit log: a row for each decision and each write, with all that an auditor asks of it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from wb_pipeline.audit.log import publish_log, write_log
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.ledger.segment_files import values_path
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.ledger.factories import small_books
from wb_pipeline_tests.ledger.people import books_with_queue, decide, plan_write, settle_write


def _rows(path: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as con:
        cursor = con.execute("select * from read_parquet(?)", [str(path)])
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _of(home: Home, kind: str) -> list[dict[str, Any]]:
    return [row for row in _rows(home.published / "audit_log.parquet") if row["row_type"] == kind]


def test_decisions_people_and_writes_have_a_row_each(tmp_path: Path) -> None:
    """AUD-1: old, new, time, actor, evidence, action, lane, objections, match, policy, run, reviewer, CRM's answer."""
    home, ledger, ids = books_with_queue(tmp_path, rows=4)
    approvals = [decide(ledger, ids[0], is_final=False), decide(ledger, ids[0], by="maria", edited={"title": "CTO"})]
    key = plan_write(ledger, ids[0], ids[1], fields={"title": "CTO", "phone": "1"}, base={}, approvals=approvals)
    settled = settle_write(ledger, key, before={"title": "Head"}, after={"title": "CTO", "phone": "1"}, answer="200")
    publish_log(home, ledger)
    decided = {row["change_id"]: row for row in _of(home, "decision")}
    assert set(decided) == set(ids)
    assert (decided[ids[0]]["reviewer"], decided[ids[0]]["reviewer_decision"]) == ("dana, maria", "approve")
    assert decided[ids[1]]["reviewer"] is None
    people = _of(home, "person")
    assert [(row["reviewer"], row["is_edited"]) for row in people] == [("dana", False), ("maria", True)]
    writes = {row["field"]: row for row in _of(home, "write")}
    title = writes["title"]
    assert (title["old_value"], title["new_value"], title["ledger_sequence"]) == ('"Head"', '"CTO"', settled)
    assert (title["crm"], title["outcome"], title["crm_answer"], title["reviewer"]) == (
        "files",
        "written",
        "200",
        "dana, maria",
    )
    assert (title["change_id"], writes["phone"]["change_id"]) == (ids[0], ids[1])
    for row in (decided[ids[0]], title):
        assert row["evidence"] == '["ev-0"]'
        assert "field_not_granted" in row["objections"]
        assert (row["match_method"], row["lane"], row["run_id"]) == ("given_id", "review", "run-1")
        assert len(row["policy_hash"]) == 64


def test_the_rows_of_a_create_name_who_decided_on_it_as_a_whole(tmp_path: Path) -> None:
    """AUD-1, RVW-1: one decision covers a create; a write of it takes its facts from the action's row."""
    home, ledger, ids = books_with_queue(
        tmp_path, rows=1, effective_action="'create'", change_id="$batch_key[1:16] || ':1:0'", is_action_row="true"
    )
    item = ids[0].replace(":1:1", ":1:0")
    approval = decide(ledger, item)
    settle_write(ledger, plan_write(ledger, item, action="create", record_id=None, approvals=[approval]), "refused")
    publish_log(home, ledger)
    (row,) = _of(home, "decision")
    assert row["reviewer"] == "dana"
    (write,) = _of(home, "write")
    assert (write["lane"], write["outcome"], write["new_value"]) == ("review", "refused", '"VP IT"')


def test_a_csv_cannot_run_in_a_spreadsheet(tmp_path: Path) -> None:
    """EVD-10, AUD-1: values of agents, words of people and answers of a CRM are text in every cell."""
    home, ledger, ids = books_with_queue(tmp_path, rows=2, rationale="'=1'", proposal_id="'=cmd()'", actor_id="'@x'")
    decide(ledger, ids[0], by="+1", words="-1")
    settle_write(ledger, plan_write(ledger, ids[0]), answer="=HYPERLINK(1)", after={"title": "x"})
    out = tmp_path / "log.csv"
    assert write_log(home, ledger, out) == 4
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 4
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert {row["crm_answer"] for row in rows} == {"", "'=HYPERLINK(1)"}


def test_an_empty_home_gives_a_log_with_columns_and_no_rows(tmp_path: Path) -> None:
    """AUD-1: nothing decided is an answer."""
    home, ledger = small_books(tmp_path, batches=0)
    assert _rows(publish_log(home, ledger)) == []


def test_a_changed_file_or_another_format_gives_no_log(tmp_path: Path) -> None:
    """AUD-2: a log is made of what the ledger cites, or not at all."""
    home, ledger, _ = books_with_queue(tmp_path, rows=2)
    with pytest.raises(InputError, match="neither CSV nor Parquet"):
        write_log(home, ledger, tmp_path / "log.xlsx")
    path = values_path(home, sealed_batches(ledger)[-1].name)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(AuditError, match="not the file that the ledger cites"):
        publish_log(home, ledger)
    assert not (home.published / "audit_log.parquet").exists()


def test_the_command_says_where_the_log_is(tmp_path: Path, wb: Callable[..., CommandRun]) -> None:
    """AUD-1: `wb audit log` publishes it, or writes it where it is wanted."""
    home, _, _ = books_with_queue(tmp_path, rows=2)
    run = wb("audit", "log", "--home", home.root)
    assert run.out == f"2 rows: {home.published / 'audit_log.parquet'}\n"
    run = wb("audit", "log", "--out", tmp_path / "x.csv", "--home", home.root)
    assert (run.exit_code, (tmp_path / "x.csv").is_file()) == (0, True)
