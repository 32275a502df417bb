"""The SQL project, read once, and roads that are closed when the test is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.road.harness import Road


@pytest.fixture(scope="session")
def road_project() -> SqlProject:
    """Return the SQL project of the repository."""
    return SqlProject.load(sql_project_folder())


@pytest.fixture
def road(tmp_path: Path, road_project: SqlProject) -> Iterator[Road]:
    """Return a road to an empty home."""
    made = Road(tmp_path, road_project)
    yield made
    made.con.close()
