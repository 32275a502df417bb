"""The archive: immutable copies named by their own bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wb_pipeline.canonical import file_hash
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.ledger.archive import archive_file


def _source(tmp_path: Path, text: str = "line\n") -> Path:
    path = tmp_path / "batch.jsonl"
    path.write_text(text)
    return path


def test_archive_file_keeps_a_read_only_copy_named_by_its_bytes(tmp_path: Path) -> None:
    """CON-2, OPS-2: what came in is kept under its content hash, and archiving it again changes nothing."""
    source, folder = _source(tmp_path), tmp_path / "archive"
    first, again = archive_file(source, folder, ".jsonl"), archive_file(source, folder, ".jsonl")
    assert first == again
    assert first.path == folder / f"{file_hash(source)}.jsonl"
    assert first.path.read_text() == "line\n"
    assert first.path.stat().st_mode & 0o222 == 0
    assert list(folder.iterdir()) == [first.path]


def test_archive_file_names_what_it_copied_when_the_source_changes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPS-4: the key is the hash of the copy, whatever happens to the source."""
    source, real = _source(tmp_path, "a" * 10), os.fdopen

    def growing(*given: object, **named: object) -> object:
        with source.open("a") as stream:
            stream.write("more")
        return real(*given, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "fdopen", growing)
    kept = archive_file(source, tmp_path / "archive", ".jsonl")
    assert file_hash(kept.path) == kept.content_hash


@pytest.mark.parametrize("kind", ["folder", "link", "pipe", "missing", "device"])
def test_archive_file_refuses_anything_but_a_regular_file(tmp_path: Path, kind: str) -> None:
    """CON-2: a plain error with a way out, and no waiting for a pipe."""
    path = Path("/dev/zero") if kind == "device" else tmp_path / kind
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(_source(tmp_path))
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(InputError) as error:
        archive_file(path, tmp_path / "archive", ".jsonl")
    assert str(path) in error.value.message
    assert error.value.hint
    assert list((tmp_path / "archive").iterdir()) == []


def test_archive_file_refuses_a_file_that_is_too_large(tmp_path: Path) -> None:
    """CON-7: the limit is named, nothing is left behind."""
    with pytest.raises(InputError, match="larger than 10 bytes"):
        archive_file(_source(tmp_path, "x" * 11), tmp_path / "archive", ".jsonl", most_bytes=10)
    assert list((tmp_path / "archive").iterdir()) == []


def test_archive_file_refuses_when_the_copy_at_hand_was_changed(tmp_path: Path) -> None:
    """AUD-2: a changed copy is not taken for the original."""
    source, folder = _source(tmp_path), tmp_path / "archive"
    kept = archive_file(source, folder, ".jsonl").path
    kept.chmod(0o600)
    kept.write_text("other")
    with pytest.raises(AuditError, match="not what its name says"):
        archive_file(source, folder, ".jsonl")


@pytest.mark.parametrize("suffix", ["", "jsonl", ".a/b", "/../x", ".."])
def test_archive_file_refuses_a_suffix_that_is_a_path(tmp_path: Path, suffix: str) -> None:
    """CON-7: no text from outside becomes a path."""
    with pytest.raises(InputError):
        archive_file(_source(tmp_path), tmp_path / "archive", suffix)
