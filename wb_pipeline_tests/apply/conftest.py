"""What the tests of writing share: empty books on a clock that waits; one laboratory for accidents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.factories import books
from wb_pipeline_tests.apply.memory_crm import StillClock
from wb_pipeline_tests.apply.trials import Laboratory, Result, laboratory


@pytest.fixture
def clock() -> StillClock:
    """Return a clock that moves only when somebody waits."""
    return StillClock()


@pytest.fixture
def opened(tmp_path: Path, clock: StillClock) -> tuple[Home, Ledger]:
    """Return empty books on that clock."""
    return books(tmp_path, clock)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """A laboratory with a fake CRM in its own process."""
    with laboratory(tmp_path_factory.mktemp("lab")) as opened:
        yield opened


@pytest.fixture(scope="module")
def undisturbed(lab: Laboratory) -> Result:
    """How it ends when nothing goes wrong."""
    result = lab.undisturbed()
    assert result.is_well, result.problems
    return result
