"""A made-up CRM with its truth, split into halves, for the tests of measuring matching."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from wb_pipeline.benchmarks.matching.split import split_halves
from wb_pipeline_tests.benchmarks.matching.made_up_crm import fill_made_up_crm


@pytest.fixture
def made_up() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the made-up CRM, split into halves."""
    with duckdb.connect() as con:
        fill_made_up_crm(con)
        split_halves(con, seed=1)
        yield con
