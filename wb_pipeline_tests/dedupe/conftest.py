"""An empty world for each test of the dedupe run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wb_pipeline_tests.dedupe.world import World, open_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Open a home in which nothing has run."""
    with open_world(tmp_path) as opened:
        yield opened
