"""The job that looks around: what auditors and people read is written, an alarm fails the run and is told."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from wb_pipeline.home import Home
from wb_pipeline.jobs.around import writes_around_us
from wb_pipeline.ledger.kinds_writes import ChangeSeenAround
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.notify.channels import channels
from wb_pipeline.notify.outbox import send_due
from wb_pipeline.paths import sample_folder
from wb_pipeline.resources import Books
from wb_pipeline.steps.intake import take_snapshot


def _pull_with_an_agents_write(home: Home, ledger: Ledger, crm: Path) -> None:
    """Pull the sample's CRM once more, after an agent wrote a title on its own."""
    shutil.copytree(sample_folder() / "crm", crm)
    contacts = crm / "contacts.jsonl"
    records = [json.loads(line) for line in contacts.read_text(encoding="utf-8").splitlines()]
    for record in records:
        if record["id"] == "con-1":
            record["fields"]["title"] = "=Chief"
            record["meta"] = {"title": {"by": "agent:agent-notes-1", "at": "2026-03-03T00:00:00Z"}}
    contacts.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    take_snapshot(home, ledger, "crm", crm, datetime(2026, 3, 3, 3, tzinfo=UTC))


def test_an_agents_write_fails_the_run_and_is_told_without_its_value(demo_copy: Home, tmp_path: Path) -> None:
    """AUD-5, OPS-1: seen in the UI as a failed run, on the books, in a message; log and page are written all along."""
    ledger = Ledger.open(demo_copy)
    _pull_with_an_agents_write(demo_copy, ledger, tmp_path / "crm")
    (demo_copy.report / "report.html").unlink()
    books = Books(home_folder=str(demo_copy.root))
    result = writes_around_us.execute_in_process(resources={"books": books}, raise_on_error=False)
    assert {event.step_key for event in result.get_step_failure_events()} == {"around_looked"}
    assert (demo_copy.report / "report.html").is_file()
    assert (demo_copy.published / "audit_log.parquet").is_file()
    (seen,) = ledger.events(ChangeSeenAround.kind)
    assert (seen.subject, seen.payload["is_alarm"]) == ('["contact","con-1","title"]', True)
    sent = send_due(demo_copy, ledger, channels(demo_copy, {}), datetime.now(UTC)).sent
    (message,) = [each for each in sent if each.subject.startswith("ALARM: 1 ")]
    assert "contact con-1 title, by agent:agent-notes-1" in message.text
    assert "Chief" not in message.text
    again = writes_around_us.execute_in_process(resources={"books": books}, raise_on_error=False)
    assert again.success


def test_a_run_leaves_the_page_and_its_rows(demo_home: Home) -> None:
    """RPT-6: every run brings the page up to date; Dagster shows where it is."""
    page = (demo_home.report / "report.html").read_text(encoding="utf-8")
    assert "What became of proposed changes" in page
    assert (demo_home.report / "report-rows" / "report_waiting_items.csv").is_file()
