"""What a verify report says: findings with file and row, notes that are no findings, tombstones."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.canonical import file_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import GENESIS_HASH
from wb_pipeline.ledger.decision_columns import PERSONAL_COLUMNS
from wb_pipeline.ledger.kinds import PolicyRegistered, ValuesErased
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.ledger.segment_files import values_path
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import small_books


def test_verify_books_counts_what_it_checked_when_all_is_well(tmp_path: Path) -> None:
    """AUD-2: an intact report, and the head to export."""
    home, ledger = small_books(tmp_path, batches=2, rows=6)
    told: list[tuple[int, int]] = []
    report = verify_books(home, progress=lambda done, of: told.append((done, of)))
    assert (report.findings, report.notes) == ((), ())
    assert (report.events, report.segments, report.rows, report.head) == (10, 2, 12, ledger.head().event_hash)
    assert told == [(1, 2), (2, 2)]


def test_verify_books_accepts_an_exported_head_of_any_age_and_no_other(tmp_path: Path) -> None:
    """AUD-2: a head exported earlier is on the chain for ever."""
    home, ledger = small_books(tmp_path, batches=1)
    for event in ledger.events():
        assert verify_books(home, event.event_hash).is_intact
    assert verify_books(home, GENESIS_HASH).is_intact
    assert not verify_books(home, "a" * 64).is_intact


def test_verify_books_finds_a_home_without_ledger(tmp_path: Path) -> None:
    """AUD-2: books that are gone are no clean books."""
    assert [finding.file for finding in verify_books(Home(tmp_path)).findings] == ["ledger.sqlite"]


def test_verify_books_notes_uncited_files_without_calling_it_tampering(tmp_path: Path) -> None:
    """OPS-4: what a killed run leaves is a note."""
    home, _ = small_books(tmp_path, batches=1)
    (home.segments / "left.parquet").write_bytes(b"x")
    (home.values / ".left.parquet.tmp").write_bytes(b"x")
    report = verify_books(home)
    assert report.findings == ()
    assert [note.split(":")[0] for note in report.notes] == ["segments/left.parquet", "values/.left.parquet.tmp"]


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "policies/../../outside"])
def test_verify_books_reads_nothing_outside_the_home(tmp_path: Path, path: str) -> None:
    """AUD-2: a path in a ledger is data too."""
    home, ledger = small_books(tmp_path, batches=0)
    (tmp_path / "outside").write_text("x")
    payload = PolicyRegistered(path=path, file_hash=file_hash(tmp_path / "outside"), file_name="x")
    ledger.append([payload.about("f" * 64)], recorded_by="eve")
    assert [finding.what[:38] for finding in verify_books(home).findings] == ["the path leads out of the home (cited "]


def test_verify_books_names_file_row_and_column_when_a_value_was_changed(tmp_path: Path) -> None:
    """AUD-2: the finding says where to look."""
    home, ledger = small_books(tmp_path, batches=1)
    path = _rewrite_values(home, ledger, {"new_value": "forged"})
    found = [str(finding) for finding in verify_books(home).findings]
    change_id = pq.read_table(path)["change_id"][2].as_py()
    assert found[0].startswith(f"values/{path.name}: the file's bytes were changed")
    assert found[1:] == [f"values/{path.name}, row 3: change {change_id}: new_value is not the value that was sealed"]


def _rewrite_values(home: Home, ledger: Ledger, change: dict[str, object]) -> Path:
    path = values_path(home, sealed_batches(ledger)[0].name)
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[2] |= change
    path.chmod(0o600)
    schema = pa.schema([field.with_nullable(True) for field in table.schema])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path


def test_verify_books_accepts_a_tombstone_only_when_the_ledger_cites_it(tmp_path: Path) -> None:
    """AUD-6: values erased as the ledger says: the chain still verifies; one tombstone more: found."""
    home, ledger = small_books(tmp_path, batches=1)
    batch = sealed_batches(ledger)[0]
    sequence = ledger.head().sequence + 1
    path = _rewrite_values(home, ledger, dict.fromkeys(("salt", *PERSONAL_COLUMNS)) | {"erased_sequence": sequence})
    assert any("erased, but no ledger event" in finding.what for finding in verify_books(home).findings)
    erased = ValuesErased(values_hash=file_hash(path), rows=1, reason="asked by the person")
    ledger.append([erased.about(batch.name)], recorded_by="ana")
    assert verify_books(home).findings == ()

    more = ValuesErased(values_hash=file_hash(path), rows=2, reason="asked by the person")
    ledger.append([more.about(batch.name)], recorded_by="ana")
    assert any("tombstones are not those" in finding.what for finding in verify_books(home).findings)
