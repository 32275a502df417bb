"""The job between batches: pending changes that may come back, and messages that are due (EXC-1 to EXC-3)."""

from __future__ import annotations

import dagster as dg
import pytest

from wb_pipeline.home import Home
from wb_pipeline.jobs import news
from wb_pipeline.notify.channels import URLS
from wb_pipeline.notify.outbox import SendReport
from wb_pipeline.resources import Books


def _run(home: Home) -> dg.ExecuteInProcessResult:
    books = Books(home_folder=str(home.root))
    return news.news_for_people.execute_in_process(resources={"books": books}, raise_on_error=False)


def test_job_runs_where_nothing_is_due(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """EXC-1, EXC-2: every hour, also before the first batch."""
    monkeypatch.delenv(URLS, raising=False)
    assert _run(home).success
    assert not home.inbox.exists()


def test_job_fails_where_a_message_did_not_leave(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """EXC-3: a channel that refuses shows as a failed run; the message stays due."""
    monkeypatch.setattr(news, "send_due", lambda *_: SendReport((), (object(),)))  # type: ignore[arg-type]  # only counted
    result = _run(home)
    assert not result.success
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    assert "stay due" in str(failed.step_failure_data.error)
