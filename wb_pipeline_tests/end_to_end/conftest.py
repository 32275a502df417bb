"""Homes in which something has run, each made once for the session. Tests copy what they write to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wb_pipeline.home import Home
from wb_pipeline_tests.end_to_end.road import MORNING, STRAY, Road
from wb_pipeline_tests.made_once import made_once


@pytest.fixture(scope="session")
def first_run_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after the first run of the sample (two batches, one manifest), undisturbed. To be read only."""
    made = made_once(tmp_path_factory, "first-run", _run_first)
    home = Home(tmp_path_factory.mktemp("first-run") / "home")
    shutil.copytree(made / "home", home.root)
    return home


def _run_first(folder: Path) -> None:
    assert Road(Home(folder / "home")).run(MORNING, STRAY).success


@pytest.fixture
def first_run_copy(first_run_home: Home, home: Home) -> Home:
    """A copy of that home that the test may do with as it likes."""
    shutil.copytree(first_run_home.root, home.root)
    return home
