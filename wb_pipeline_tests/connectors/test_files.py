"""Pulling a CRM or an evidence store from a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wb_pipeline.connectors.files import FilesConnector
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def crm(record_id: str, **fields: Any) -> dict[str, Any]:
    """A CRM record as it stands in a file."""
    return {"object": "contact", "id": record_id, "fields": fields, "updated_at": "2026-03-01T00:00:00Z"}


def write_lines(path: Path, *rows: Any) -> None:
    """Write JSON Lines; text is written as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")


def test_pull_reads_every_format_below_the_folder_and_nothing_else(tmp_path: Path) -> None:
    """CON-2: JSON Lines, JSON arrays and Parquet, in subfolders too; other and hidden files are left alone."""
    write_lines(tmp_path / "b" / "one.jsonl", crm("c-1", title="CTO"))
    (tmp_path / "a.JSON").write_text(json.dumps([crm("c-2")]), encoding="utf-8")
    row = {**crm("c-3"), "fields": '{"title":"VP"}'}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "c.parquet")
    write_lines(tmp_path / "notes.txt", crm("c-4"))
    write_lines(tmp_path / ".hidden" / "x.jsonl", crm("c-5"))
    pull = FilesConnector(tmp_path).pull_crm()
    found = dict(zip(pull.rows["record_id"].to_pylist(), pull.rows["file_name"].to_pylist(), strict=True))
    assert found == {"c-1": "b/one.jsonl", "c-2": "a.JSON", "c-3": "c.parquet"}
    assert not len(pull.rejected)
    assert not pull.notices


def test_pull_rejects_bad_rows_with_file_and_row_and_goes_on(tmp_path: Path) -> None:
    """CON-2: a bad row stops neither its file nor the next."""
    write_lines(tmp_path / "a.jsonl", crm("c-1"), "{bad", {"id": "c-2"}, crm("c-3"))
    (tmp_path / "b.parquet").write_bytes(b"PAR1 rubbish")
    write_lines(tmp_path / "c.jsonl", crm("c-4"))
    pull = FilesConnector(tmp_path).pull_crm()
    assert pull.rows["record_id"].to_pylist() == ["c-1", "c-3", "c-4"]
    rejected = pull.rejected.to_pylist()
    assert [(row["file_name"], row["row_number"]) for row in rejected] == [
        ("a.jsonl", 2),
        ("a.jsonl", 3),
        ("b.parquet", 0),
    ]
    assert all(json.loads(row["reasons"])[0]["message"] for row in rejected)


def test_pull_reads_a_single_file(tmp_path: Path) -> None:
    """CON-2: a file stands for a folder with that file."""
    write_lines(
        tmp_path / "ev.jsonl",
        {"id": "ev-1", "type": "calendar_event", "status": "held", "start": "2026-03-01T00:00:00Z"},
    )
    pull = FilesConnector(tmp_path / "ev.jsonl").pull_evidence()
    assert pull.rows.select(["evidence_id", "evidence_state", "file_name"]).to_pylist() == [
        {"evidence_id": "ev-1", "evidence_state": "held", "file_name": "ev.jsonl"}
    ]


@pytest.mark.parametrize("method", ["pull_crm", "pull_evidence"])
def test_pull_allows_no_records_but_says_so(tmp_path: Path, method: str) -> None:
    """CON-2: an empty folder is no error, and no silence."""
    pull = getattr(FilesConnector(tmp_path), method)()
    assert len(pull.rows) == 0
    assert any("were found" in notice for notice in pull.notices)


def test_pull_names_the_way_out_when_the_folder_is_missing(tmp_path: Path) -> None:
    """CON-2: a misspelt folder is an error in words, never an empty CRM."""
    with pytest.raises(InputError, match="does not exist") as caught:
        FilesConnector(tmp_path / "nowhere").pull_crm()
    assert caught.value.hint


def test_pull_refuses_links_that_lead_outside(tmp_path: Path) -> None:
    """CON-7, law 7: a link in the folder does not open the rest of the disk."""
    write_lines(tmp_path / "secret" / "x.jsonl", crm("c-1"))
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "link.jsonl").symlink_to(tmp_path / "secret" / "x.jsonl")
    (folder / "linked").symlink_to(tmp_path / "secret")
    (folder / "broken.jsonl").symlink_to(folder / "gone.jsonl")
    pull = FilesConnector(folder).pull_crm()
    assert len(pull.rows) == 0
    codes = [json.loads(row["reasons"])[0]["code"] for row in pull.rejected.to_pylist()]
    assert codes == ["not_a_file", "outside_folder"]


def test_pull_refuses_more_files_than_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CON-7: the number of files is bounded, and the limit is said."""
    monkeypatch.setattr("wb_pipeline.connectors.files_listing.MAX_FILES", 1)
    write_lines(tmp_path / "a.jsonl", crm("c-1"))
    write_lines(tmp_path / "b.jsonl", crm("c-2"))
    with pytest.raises(InputError, match="at most 1"):
        FilesConnector(tmp_path).pull_crm()


def test_pull_rejects_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CON-7: one oversized file is refused, the others are read."""
    monkeypatch.setattr("wb_pipeline.connectors.files_listing.MAX_FILE_BYTES", 200)
    write_lines(tmp_path / "a.jsonl", crm("c-1", note="x" * 500))
    write_lines(tmp_path / "b.jsonl", crm("c-2"))
    pull = FilesConnector(tmp_path).pull_crm()
    assert pull.rows["record_id"].to_pylist() == ["c-2"]
    assert "file_too_large" in pull.rejected["reasons"][0].as_py()
