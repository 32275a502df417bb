"""What `wb run` changes about the orchestrator's SQLite files while it runs, and that it leaves nothing behind."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from wb_pipeline.cli.dagster_home import prepare_dagster_home
from wb_pipeline.cli.run_storage import relaxed_run_storage
from wb_pipeline.home import Home

EVENT_LOG: Any = sqlite_event_log


def test_relaxed_run_storage_keeps_one_engine_per_file(tmp_path: Path) -> None:
    """OPS-1: one file opened alike twice is one engine; another file, or other options, is another."""
    here, there = f"sqlite:///{tmp_path / 'here.db'}", f"sqlite:///{tmp_path / 'there.db'}"
    with relaxed_run_storage(tmp_path):
        first = EVENT_LOG.create_engine(here, poolclass=NullPool)
        assert EVENT_LOG.create_engine(here, poolclass=NullPool) is first
        assert EVENT_LOG.create_engine(there, poolclass=NullPool) is not first
        patient = EVENT_LOG.create_engine(here, poolclass=NullPool, connect_args={"timeout": 5})
        assert patient is not first


def test_relaxed_run_storage_puts_everything_back_after_an_error(tmp_path: Path) -> None:
    """OPS-1: a run that fails leaves the orchestrator as it was for what comes after it in the process."""

    def fail() -> None:
        assert EVENT_LOG.create_engine is not create_engine
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), relaxed_run_storage(tmp_path):
        fail()
    assert EVENT_LOG.create_engine is create_engine


def test_relaxed_run_storage_keeps_every_event_on_disk(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPS-1: an event is committed when it is stored: another connection reads it, inside the block already."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    folder = prepare_dagster_home(home)

    @dg.op
    def speak() -> None:
        """Do nothing: the orchestrator's own events are enough."""

    job = dg.GraphDefinition(name="said", node_defs=[speak]).to_job()
    with relaxed_run_storage(folder), dg.DagsterInstance.from_config(str(folder)) as instance:
        result = job.execute_in_process(instance=instance)
        shard = folder / "history" / "runs" / f"{result.run_id}.db"
        with closing(sqlite3.connect(shard)) as reader:
            kinds = {row[0] for row in reader.execute("select dagster_event_type from event_logs")}
    assert {"PIPELINE_START", "STEP_SUCCESS", "PIPELINE_SUCCESS"} <= kinds
