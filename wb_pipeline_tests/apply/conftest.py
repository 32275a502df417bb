"""What the tests of accidents share: one laboratory, and how the CRM looks when nothing went wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wb_pipeline_tests.apply.trials import Laboratory, Result, laboratory


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
