"""`wb apply` after somebody changed the policy: what it has not judged is held, told of, and freed by judging again."""

from __future__ import annotations

import shutil
from pathlib import Path

from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file, sample_folder
from wb_pipeline.steps.intake import register_policy


def test_automatic_changes_wait_for_the_new_policy_and_are_written_by_one_command(demo_copy, tmp_path, wb) -> None:
    """RVW-2, OPS-3: nothing judged by an earlier policy is written; a comment in the file changes no judgement."""
    options = ("--crm", Path(shutil.copytree(sample_folder() / "crm", tmp_path / "crm")), "--home", demo_copy.root)
    other = tmp_path / "other.yaml"
    other.write_text(default_policy_file().read_text(encoding="utf-8") + "\n# a new comment\n", encoding="utf-8")
    register_policy(demo_copy, Ledger.open(demo_copy), other)
    held = wb("apply", *options)
    assert held.out.startswith("Nothing is to be written.")
    assert "wb review rejudge" in held.out
    refused = wb("apply", *options, "--rejudge", "--dry-run")
    assert (refused.exit_code, "a dry run writes nothing" in refused.err) == (2, True)
    freed = wb("apply", *options, "--rejudge", "--now", "2026-03-02T12:00:00Z")
    assert freed.exit_code == 0
    assert "36 written" in freed.out
    assert wb("apply", *options).out == "Nothing is to be written.\n"
