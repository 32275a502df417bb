"""The SQL project, read once, and roads that are closed when the test is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wb_pipeline.expectations import gx_border
from wb_pipeline.matching import propose
from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.road.asked_once import AskedOnce
from wb_pipeline_tests.road.compared_once import ComparedOnce
from wb_pipeline_tests.road.harness import Road

# Remembered for the whole session, in the place of what ships only while tests of the road run.
_COMPARED = ComparedOnce(propose.compare_pairs)
_ASKED = AskedOnce(gx_border.ask)


@pytest.fixture(scope="module", autouse=True)
def _pairs_compared_once() -> Iterator[None]:
    """Compare equal pairs once: Splink takes a third of a short run, and most tests share one CRM."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(propose, "compare_pairs", _COMPARED)
        yield


@pytest.fixture(scope="module", autouse=True)
def _frames_judged_once() -> Iterator[None]:
    """Judge equal frames once: Great Expectations takes a fifth of a short run, however few the rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gx_border, "ask", _ASKED)
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


@pytest.fixture(scope="module")
def rehearsals(tmp_path_factory: pytest.TempPathFactory, road_project: SqlProject) -> Iterator[Road]:
    """Return a road for all tests of a file, on which nothing is sealed: each meets the same books."""
    made = Road(tmp_path_factory.mktemp("rehearsals"), road_project)
    yield made
    made.con.close()
