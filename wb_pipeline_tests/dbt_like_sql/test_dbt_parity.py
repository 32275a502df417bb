"""dbt-duckdb makes the same rows of the same folder; runs where the `dbt` extra is installed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject, build
from wb_pipeline_tests.dbt_like_sql.dbt_parity import compare_with_dbt, run_dbt
from wb_pipeline_tests.sql_project.small_project import fill_sources, write_small_project

pytest.importorskip("dbt.adapters.duckdb", reason="the dbt extra is not installed")
pytestmark = pytest.mark.dbt

_NO_CHANGE = """\
select changes.change_id from {{ ref('int_changes_with_context') }} as changes
left join {{ ref('gate_policy__small') }} as objections on changes.change_id is not distinct from objections.change_id
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small project of its own, with the real macros and profile."""
    return write_small_project(tmp_path / "small")


@pytest.fixture
def warehouse(tmp_path: Path, folder: Path) -> Path:
    """A closed warehouse in which run-1 was built by our renderer."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        fill_sources(con)
        build(con, SqlProject.load(folder), None, {"run_id": "run-1"})
    return path


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Where dbt may write."""
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def test_dbt_builds_the_same_rows(warehouse: Path, folder: Path, work: Path) -> None:
    """Models, attestations by the post-hook and singular tests: one text, two builders, the same tables."""
    assert compare_with_dbt(warehouse, "run-1", work, folder) == []


def test_comparison_fails_when_the_run_is_another(warehouse: Path, folder: Path, work: Path) -> None:
    """Rows are matched by run id: another run's manifests give other rows; and dbt runs the singular tests too."""
    (folder / "tests" / "assert_no_change.sql").write_text(_NO_CHANGE)
    differences = compare_with_dbt(warehouse, "run-2", work, folder)
    assert "assert_no_change" in differences[0]
    assert "int_changes_with_context: 1 rows only by dbt, 3 rows only by our renderer" in differences
    assert "gate_attestations: 1 rows only by dbt, 1 rows only by our renderer" in differences


def test_comparison_fails_when_the_run_is_unknown(warehouse: Path, folder: Path, work: Path) -> None:
    """A run id that Python never wrote proves nothing, not even that empty tables are alike."""
    assert compare_with_dbt(warehouse, "run-9", work, folder) == ["run 'run-9' has no manifest in raw.run_manifests"]


def test_project_parses_in_dbt(work: Path) -> None:
    """The published folder opens in dbt: every ref, source, macro and property is one that dbt understands."""
    assert run_dbt("parse", work / "none.duckdb", "run-1", work, sql_project_folder()) == ""
