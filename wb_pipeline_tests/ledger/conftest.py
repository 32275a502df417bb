"""An empty home and its ledger for each test of the books."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import CLOCK


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home that does not exist yet."""
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> Ledger:
    """Return the new ledger of `home`, whose clock stands still."""
    return Ledger.open(home, clock=lambda: CLOCK)
