"""Sealed decisions as rows: all of them, some of them, never from a file that was changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger.manifests import commit_manifest, sealed_batches
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.ledger.segment_files import segment_path, values_path
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import batch_key, decisions, manifest, seal, small_books


def test_sealed_changes_are_read_by_lane_by_id_and_from_a_sequence_on(tmp_path: Path) -> None:
    """Law 5: what was sealed comes back whole, in the order of the books, values beside digests."""
    home, ledger = small_books(tmp_path)
    found = sealed_changes(home, ledger)
    assert [change.row["new_value"] for change in found] == [f'"VP IT {row}"' for row in range(6)] * 2
    assert [change.sealed_sequence for change in found] == sorted(change.sealed_sequence for change in found)
    waiting = sealed_changes(home, ledger, lanes=["review"])
    assert {change.lane for change in waiting} == {"review"}
    assert len(waiting) == 4
    one = sealed_changes(home, ledger, change_ids=[found[3].change_id])
    assert [change.change_id for change in one] == [found[3].change_id]
    assert len(sealed_changes(home, ledger, after_sequence=found[0].sealed_sequence)) == 6
    assert sealed_changes(home, ledger, lanes=["quarantine"]) == []


def test_whole_proposals_come_with_the_changes_found(tmp_path: Path) -> None:
    """RVW-1: a person sees a proposal as a whole, also what of it was stopped or written without a person."""
    home = Home(tmp_path / "home")
    ledger = Ledger.open(home)
    made = manifest(batch_key("whole"))
    commit_manifest(ledger, made)
    seal(home, ledger, made, decisions(made, made.batches[0], 6, proposal_key="'p:' || (i // 3)"))
    found = sealed_changes(home, ledger, change_ids=[f"{made.batches[0][:16]}:2:1"], whole_proposals=True)
    assert [change.lane for change in found] == ["auto", "review", "deny"]
    assert {change.proposal_key for change in found} == {"p:0"}


@pytest.mark.parametrize("path_of", [segment_path, values_path])
def test_changed_file_is_refused(tmp_path: Path, path_of) -> None:
    """AUD-2, law 6: nothing is approved or written from a file that the ledger does not cite."""
    home, ledger = small_books(tmp_path, batches=1)
    assert sealed_changes(home, ledger)
    path = path_of(home, sealed_batches(ledger)[0].name)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(AuditError, match="not the file that the ledger cites"):
        sealed_changes(home, ledger)
