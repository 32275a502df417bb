"""The demo's own copy of the CRM: what is approved is written there, once, and a later demo leaves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import sample_folder
from wb_pipeline_tests.conftest import CommandRun

Wb = Callable[..., CommandRun]
NOON = ("--now", "2026-03-02T12:00:00Z")


def contents(folder: Path) -> dict[str, str]:
    """Return the text of each data file of a folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("[!.]*"))}


def test_demo_is_decided_written_and_taken_back(demo_copy: Home, wb: Wb) -> None:
    """SYN-2, SYN-5, RVW-1, AUD-4: a dry run writes nothing; an approval is written with what was automatic; a second
    call finds nothing to do; an undo puts the old value back; the books verify. The README tells this.
    """
    crm, home = demo_copy.root / "demo-crm", ("--home", demo_copy.root)
    before, head = contents(crm), Ledger.open(demo_copy).head()
    assert before == contents(sample_folder() / "crm")
    dry = wb("apply", "--dry-run", "--crm", crm, *NOON, *home)
    assert 'title: "Head of IT" -> "VP IT"' in dry.out
    assert (contents(crm), Ledger.open(demo_copy).head()) == (before, head)

    stage = next(
        line.split()[0] for line in wb("review", "list", *NOON, *home).out.splitlines() if "closed_won" in line
    )
    assert wb("review", "approve", stage, "--by", "u-sales-1", *NOON, *home).exit_code == 0
    assert wb("apply", "--crm", crm, *NOON, *home).out.strip().endswith("37 written")
    assert '"title": "VP IT"' in contents(crm)["contacts.jsonl"]
    assert '"stage": "closed_won"' in contents(crm)["deals.jsonl"]
    assert "Nothing is to be written" in wb("apply", "--crm", crm, *NOON, *home).out

    because = ("--by", "u-ops-1", "--reason", "a test")
    undone = wb("undo", "--actor", "agent-enrich-1", "--yes", "--crm", crm, *because, *home)
    assert undone.exit_code == 0, undone.err
    assert '"title": "VP IT"' not in contents(crm)["contacts.jsonl"]
    assert '"stage": "closed_won"' in contents(crm)["deals.jsonl"]
    assert wb("audit", "verify", *home).exit_code == 0
