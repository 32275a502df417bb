"""The step of the writing job without its orchestrator: it judges again first, and fails where a write did."""

from __future__ import annotations

from collections import deque
from contextlib import nullcontext
from pathlib import Path

import dagster as dg
import pytest

from wb_pipeline.errors import ApplyError
from wb_pipeline.jobs import writing
from wb_pipeline.resources import Books, RunInputs
from wb_pipeline_tests.apply.memory_crm import MemoryCrm, StillClock, crm_with
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import queue, update
from wb_pipeline_tests.review.test_rejudging import judging, new_policy


@pytest.fixture
def crm() -> MemoryCrm:
    """Return a CRM with the contact that the queue is about."""
    return crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=StillClock(CLOCK))


@pytest.fixture
def books(tmp_path: Path, crm: MemoryCrm, monkeypatch: pytest.MonkeyPatch) -> Books:
    """Return books with one automatic change that another policy let through; the new one judges it alike."""
    home, ledger = queue(tmp_path, update(old="Head of IT", lane="auto"))
    new_policy(home, ledger, tmp_path)
    monkeypatch.setattr(writing, "opened_crm", lambda *_: nullcontext(crm))
    monkeypatch.setattr(writing, "rejudge_by_road", lambda *_: judging(home, ledger))
    return Books(home_folder=str(home.root))


def write(books: Books) -> None:
    """Let the step run."""
    inputs = RunInputs(crm_folder="memory")
    writing.approved_written(dg.build_op_context(resources={"books": books, "inputs": inputs}))


def test_step_frees_what_an_edited_policy_holds_and_writes_it(books: Books, crm: MemoryCrm) -> None:
    """RVW-2, OPS-1: nobody has to judge again by hand before the schedule writes."""
    write(books)
    assert crm.fields("contact", "con-1")["title"] == "VP IT"


def test_step_fails_where_a_write_did_not_get_through(books: Books, crm: MemoryCrm) -> None:
    """EXC-3: a run that the CRM refused is red, so that somebody looks."""
    crm.script = deque(["refused"])
    with pytest.raises(ApplyError, match="did not get through"):
        write(books)
    assert crm.fields("contact", "con-1") == {"title": "Head of IT"}
