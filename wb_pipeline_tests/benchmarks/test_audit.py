"""The benchmark of audit answers: its books are real ones, and it measures the commands that people call."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.audit.question import Question
from wb_pipeline.audit.verify import verify_books
from wb_pipeline.audit.why import explain
from wb_pipeline.benchmarks import audit
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home


def test_books_of_the_benchmark_verify_and_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2, AUD-3: what is measured is the whole chain over books that verify."""
    monkeypatch.setattr(audit, "_BATCH_ROWS", 100)
    home = Home(tmp_path / "books")
    audit.make_books(home, 200, lambda _line: None)
    report = verify_books(home)
    assert (report.findings, report.rows) == ((), 200)
    found = explain(home, Question(record_id="con-3"))
    assert found.found == 2
    assert [[step.kind for step in facts.steps] for facts in found.decisions] == [
        ["write_planned", "write_settled"]
    ] * 2


def test_the_benchmark_reports_every_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-3: seconds of each question and of a verification; the same books are used again."""
    monkeypatch.setattr(audit, "_BATCH_ROWS", 100)
    monkeypatch.setattr(audit, "_QUESTIONS", {"by record": ("--record", "con-3")})
    said: list[str] = []
    report = audit.bench_audit(tmp_path, rows=100, repeats=1, echo=said.append)
    assert report.decisions == 100
    assert report.why["by record"] > 0
    assert "wb audit why by record" in report.render()
    with pytest.raises(InputError, match="at least"):
        audit.bench_audit(tmp_path, rows=10, repeats=1, echo=said.append)
