"""What is costly to make is made once for all processes of a test run."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline_tests.made_once import made_once


def test_folder_is_made_once_and_found_by_the_other_processes(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two processes of a session, each with a base folder of its own beside the other's, get the same folder."""
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    calls: list[Path] = []
    folders = []
    for worker in ("gw0", "gw1"):
        own = tmp_path / f"popen-{worker}"
        own.mkdir()
        monkeypatch.setattr(tmp_path_factory, "getbasetemp", lambda own=own: own)
        folders.append(made_once(tmp_path_factory, "thing", calls.append))
    assert calls == folders[:1]
    assert folders[0] == folders[1] == tmp_path / "once-thing"


def test_half_made_folder_is_made_anew(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What failed on the way is not taken for the whole."""
    monkeypatch.setattr(tmp_path_factory, "getbasetemp", lambda: tmp_path)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)

    def fails(folder: Path) -> None:
        (folder / "half").touch()
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the one above
        made_once(tmp_path_factory, "thing", fails)
    folder = made_once(tmp_path_factory, "thing", lambda folder: (folder / "whole").touch())
    assert [path.name for path in folder.iterdir()] == ["whole"]
