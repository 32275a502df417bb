"""Running singular tests."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from wb_pipeline.sql_project import SqlProject, SqlProjectError, TestOutcome, build, run_tests
from wb_pipeline_tests.sql_project.small_project import fill_sources, write_small_project

RUN = {"run_id": "run-1"}


def test_failing_rows_are_counted(tmp_path: Path) -> None:
    """A test that returns nothing passes; one that returns rows fails with their number."""
    bad = "select * from {{ ref('gate_policy__small') }} -- two rows"
    project = SqlProject.load(write_small_project(tmp_path, **{"tests/assert_bad.sql": bad}))
    with duckdb.connect(":memory:") as con:
        fill_sources(con)
        build(con, project, None, RUN)
        outcomes = run_tests(con, project, RUN)
    assert outcomes == [TestOutcome("assert_bad", 2), TestOutcome("assert_reason_given", 0)]
    assert [outcome.passed for outcome in outcomes] == [False, True]


def test_test_that_cannot_run_is_an_error(tmp_path: Path) -> None:
    """EXC-3: a check that did not run has not passed."""
    project = SqlProject.load(write_small_project(tmp_path))
    with (
        duckdb.connect(":memory:") as con,
        pytest.raises(SqlProjectError, match=r"tests/assert_reason_given\.sql: Catalog"),
    ):
        run_tests(con, project, RUN)
