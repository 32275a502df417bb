"""Which policy decides: the one somebody ran proposals with, not one that duplicates were looked for by."""

from __future__ import annotations

from pathlib import Path

from wb_pipeline.home import Home
from wb_pipeline.ledger.policy_in_force import policy_in_force
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.review.policies import has_moved, policies_of
from wb_pipeline.steps.intake import note_policy, register_policy


def _other(folder: Path) -> Path:
    path = folder / "other.yaml"
    path.write_text(default_policy_file().read_text(encoding="utf-8") + "\n# another one\n", encoding="utf-8")
    return path


def test_looking_for_duplicates_puts_no_policy_in_force(tmp_path: Path) -> None:
    """RVW-2, RVW-5: who may decide, and what is held, does not change by `wb dedupe` or `wb train`."""
    home = Home(tmp_path / "home")
    ledger = Ledger.open(home)
    first = register_policy(home, ledger, default_policy_file())
    at = ledger.events()[-1].sequence
    other = note_policy(home, ledger, _other(tmp_path))
    assert other != first
    assert policy_in_force(ledger) == policies_of(home, ledger).in_force == first
    assert not has_moved(ledger, at)
    # A run of proposals with it does.
    assert register_policy(home, ledger, _other(tmp_path)) == policies_of(home, ledger).in_force == other
    assert has_moved(ledger, at)


def test_earlier_policy_comes_into_force_again(tmp_path: Path) -> None:
    """OPS-3: back to the policy of yesterday is a run with it; a run with the one in force puts down nothing."""
    home = Home(tmp_path / "home")
    ledger = Ledger.open(home)
    wanted = (default_policy_file(), _other(tmp_path), default_policy_file())
    hashes = [register_policy(home, ledger, path) for path in wanted]
    assert policy_in_force(ledger) == hashes[0] == hashes[2]
    before = len(ledger.events())
    register_policy(home, ledger, default_policy_file())
    assert len(ledger.events()) == before == 3
