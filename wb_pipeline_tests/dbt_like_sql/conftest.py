"""The SQL folder, read once, and the DuckDB in which gate cases run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.dbt_like_sql.gate_cases import CaseRunner, read_defaults


@pytest.fixture(scope="session")
def project() -> SqlProject:
    """The SQL project of the repository."""
    return SqlProject.load(sql_project_folder())


@pytest.fixture(scope="session")
def runner(project: SqlProject) -> Iterator[CaseRunner]:
    """The relations that gates read, empty, in memory."""
    case_runner = CaseRunner(project, read_defaults(project.folder))
    yield case_runner
    case_runner.con.close()
