"""The job and the command on the finished demo: the same writing, from the orchestrator and from a shell."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import pytest

from wb_pipeline.jobs.writing import WRITE_RECEIPTS, apply_job
from wb_pipeline.ledger.kinds_writes import WriteSettled
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import sample_folder
from wb_pipeline.resources import Books, RunInputs


@pytest.fixture
def crm(tmp_path) -> Path:
    """Return a copy of the sample's CRM."""
    return Path(shutil.copytree(sample_folder() / "crm", tmp_path / "crm"))


def test_job_writes_and_the_command_takes_back(demo_copy, crm, wb):
    """SYN-1, AUD-4, OPS-1: what the job wrote to the files the command finds done, undoes, and finds undone."""
    books = Books(home_folder=str(demo_copy.root))
    resources = {"books": books, "inputs": RunInputs(crm_folder=str(crm))}
    with dg.DagsterInstance.ephemeral() as instance:
        done = apply_job.execute_in_process(resources=resources, instance=instance)
        told = instance.get_latest_materialization_event(WRITE_RECEIPTS.key)
    assert done.success
    settled = len(Ledger.open(demo_copy).events(WriteSettled.kind))
    assert settled > 30
    assert told
    assert told.asset_materialization
    assert told.asset_materialization.metadata["written"].value == settled
    options = ("--crm", crm, "--home", demo_copy.root)
    assert wb("apply", *options).out == "Nothing is to be written.\n"
    undoing = ("undo", *options, "--from", "2026-01-01", "--by", "u-ops-1", "--reason", "a trial")
    assert f"{settled} would be taken back" in wb(*undoing).out
    assert f"{settled} taken back" in wb(*undoing, "--yes").out
    assert "0 would be taken back" in wb(*undoing).out
    assert wb("audit", "verify", "--home", demo_copy.root).exit_code == 0


def test_command_previews_and_says_what_it_lacks(demo_copy, crm, wb):
    """SYN-5: the dry run changes no file of the CRM; a wrong CRM, batch or name is told in a sentence."""
    before = {path.name: path.read_bytes() for path in crm.glob("*.jsonl")}
    shown = wb("apply", "--crm", crm, "--home", demo_copy.root, "--dry-run", "--batch", "last")
    assert shown.exit_code == 0
    assert "Nothing was written." in shown.out
    assert {path.name: path.read_bytes() for path in crm.glob("*.jsonl")} == before
    for options, words in (
        (("--crm", "nosuch://x"), "no connector writes to nosuch://"),
        (("--crm", crm, "--batch", "zz"), "no decided batch begins"),
    ):
        refused = wb("apply", *options, "--home", demo_copy.root)
        assert refused.exit_code == 2
        assert words in refused.err
    agent = ("--by", "agent-enrich-1", "--reason", "x", "--actor", "agent-enrich-1")
    assert "only people decide" in wb("undo", "--crm", crm, "--home", demo_copy.root, *agent).err
