"""The SQL project, read once, and roads that are closed when the test is over."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.policy import store
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.road.harness import Road


@pytest.fixture(scope="session", autouse=True)
def _policies_read_once() -> Iterator[None]:
    """Keep what the text of a policy says: a run reads it twice, and it takes a third of a short run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "policy_from_bytes", functools.lru_cache(store.policy_from_bytes))
        yield


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
