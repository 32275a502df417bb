"""dbt-duckdb, over the Python tables of a completed run of the sample, makes the same rows of the real SQL project."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from wb_pipeline.home import Home
from wb_pipeline.paths import sql_project_folder
from wb_pipeline_tests.dbt_like_sql.dbt_parity import compare_with_dbt
from wb_pipeline_tests.dbt_like_sql.gate_cases import read_defaults, staged_differences
from wb_pipeline_tests.dedupe.deduped import dedupe_home

needs_dbt = pytest.mark.skipif(find_spec("dbt") is None, reason="the extra `dbt` is not installed: pip install .[dbt]")


def run_id_of(warehouse: Path) -> str:
    """Return the run that stands in a closed warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        ((run_id,),) = con.execute("select distinct run_id from raw.run_manifests").fetchall()
    return str(run_id)


@pytest.mark.dbt
@needs_dbt
def test_dbt_builds_the_same_rows_of_a_completed_run(first_run_copy: Home, tmp_path: Path) -> None:
    """Issue 2, item 4: `dbt build` gives the same rows, columns and types in every model and attestation, and dbt's
    tests pass.
    """
    (tmp_path / "work").mkdir()
    warehouse = first_run_copy.warehouse
    dedupe_home(first_run_copy)
    assert compare_with_dbt(warehouse, run_id_of(warehouse), tmp_path / "work") == []


@pytest.mark.dbt
@needs_dbt
def test_comparison_fails_when_the_run_is_another(first_run_copy: Home, tmp_path: Path) -> None:
    """Rows are matched by run id: with another one, dbt finds nothing attested and so other decisions."""
    (tmp_path / "work").mkdir()
    warehouse = first_run_copy.warehouse
    assert compare_with_dbt(warehouse, "another-run", tmp_path / "work") != []


def test_gate_cases_stage_the_columns_that_a_run_has(first_run_home: Home) -> None:
    """Law 2: the cases of the gates are run on relations with exactly the columns and types of a real warehouse."""
    relations = read_defaults(sql_project_folder())
    assert len(relations) > 3
    with duckdb.connect(str(first_run_home.warehouse), read_only=True) as con:
        assert staged_differences(con, relations) == []
