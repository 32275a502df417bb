"""Running the singular tests of the SQL project: queries that return what should not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from wb_pipeline.sql_project.build import plain_message
from wb_pipeline.sql_project.names import SqlProjectError, Variables
from wb_pipeline.sql_project.project import SqlProject


@dataclass(frozen=True)
class TestOutcome:
    """One singular test: how many rows fail it."""

    __test__ = False  # Not for pytest to collect.

    name: str
    failing_rows: int

    @property
    def passed(self) -> bool:
        """Tell whether no row fails."""
        return self.failing_rows == 0


def run_tests(
    con: duckdb.DuckDBPyConnection, project: SqlProject, variables: Variables, names: Sequence[str] | None = None
) -> list[TestOutcome]:
    """Run the named singular tests (None: all) by name; raises SqlProjectError for one that DuckDB refuses."""
    outcomes = []
    for name in sorted(project.tests if names is None else names):
        query = project.render_test(name, variables)
        try:
            failing = con.execute(f"select count(*) from (\n{query}\n)").fetchall()[0][0]  # noqa: S608 - our own file
        except duckdb.Error as error:
            raise SqlProjectError(f"{project.label(project.tests[name].path)}: {plain_message(error)}") from error
        outcomes.append(TestOutcome(name, failing))
    return outcomes
