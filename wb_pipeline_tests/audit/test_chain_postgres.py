"""The same answers where the ledger lies in Postgres: its JSON is searched in its own words."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wb_pipeline.audit.question import Question
from wb_pipeline.audit.why import explain, record_history
from wb_pipeline.audit.why_json import why_json
from wb_pipeline_tests.audit.test_chain import told_books
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.ledger.people import plan_write, settle_write

if TYPE_CHECKING:
    from wb_pipeline_tests.postgres_server import Server

_QUESTIONS = (
    Question(record_id="con-0"),
    Question(actor_id="maria"),
    Question(since=CLOCK - timedelta(hours=1), until=CLOCK + timedelta(hours=1)),
)


def _answers(root: Path) -> list[list[tuple[str, list[str]]]]:
    """Return what is answered to each question: ids of changes, and the kinds of what came of them."""
    home, ledger, ids = told_books(root)
    settle_write(ledger, plan_write(ledger, ids[1]), answer="a CRM may say a\x00b")
    found = [explain(home, question) for question in _QUESTIONS]
    assert record_history(home, ledger, "contact", "con-0").found == found[0].found
    lines = [[json.loads(line) for line in why_json(each)] for each in found]
    return [[(line["change_id"], [step["kind"] for step in line["steps"]]) for line in each] for each in lines]


def test_answers_are_the_same_in_both_databases(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AUD-3, RVW-4: by record, by person and by time; people, writes and what undid them."""
    expected = _answers(tmp_path / "sqlite")
    assert any(steps for _, steps in expected[1])
    monkeypatch.setenv("WB_LEDGER", postgres.new_schema())
    assert _answers(tmp_path / "postgres") == expected
