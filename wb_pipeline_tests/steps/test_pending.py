"""Denied changes as the page asks for them, again and again: each published file is read once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.steps import published
from wb_pipeline.steps.pending import pending_changes
from wb_pipeline.steps.publishing import batch_folder
from wb_pipeline_tests.ledger.factories import CLOCK, small_books

_ROW = """
select $id as change_id, $key as batch_key, 1 as line_number, 'p:1' as proposal_key, 'p-1' as proposal_id,
    'agent-1' as actor_id, 'update' as action, 'contact' as object, 'con-1' as record_id, 'title' as field,
    $why as why, 'an email' as to_pass, '["ev-1"]' as evidence, timestamp '2026-04-01 09:00:00' as expires_at
"""


def publish(home: Home, key: str, why: str) -> None:
    """Publish one denied change of a batch, as a run does: by replacing the files."""
    folder = batch_folder(home, key)
    folder.mkdir(parents=True, exist_ok=True)
    for name, query, given in (
        ("pending_changes", _ROW, {"id": f"{key[:16]}:1:1", "key": key, "why": why}),
        (
            "objections",
            "select $id as change_id, 'gate_evidence__missing' as gate, 'deny' as verdict",
            {"id": f"{key[:16]}:1:1"},
        ),
    ):
        new = folder / f"{name}.new"
        with duckdb.connect() as con:
            con.execute(f"copy ({query}) to '{new}' (format parquet)", given)
        new.replace(folder / f"{name}.parquet")


def test_published_files_are_read_once_until_they_are_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """EXC-1: asking again reads no file; what is published anew is seen at once, and only that is read."""
    home, ledger = small_books(tmp_path / "small", batches=2)
    keys = [batch.seal.batch_key for batch in sealed_batches(ledger)]
    for key in keys:
        publish(home, key, "nothing shows it")
    read: list[Path] = []
    rows = published._rows

    def counted(path: Path, *given: object) -> object:
        read.append(path)
        return rows(path, *given)

    monkeypatch.setattr(published, "_rows", counted)
    first = pending_changes(home, ledger, CLOCK)
    assert [(each.why, each.is_for_evidence) for each in first] == [("nothing shows it", True)] * 2
    assert len(read) == 4
    assert pending_changes(home, ledger, CLOCK) == first
    assert len(read) == 4
    publish(home, keys[1], "nobody says so")
    assert [each.why for each in pending_changes(home, ledger, CLOCK)] == ["nothing shows it", "nobody says so"]
    assert len(read) == 6
