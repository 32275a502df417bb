"""YAML of the SQL project: what is not understood is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.sql_project import SqlProject, SqlProjectError
from wb_pipeline_tests.sql_project.small_project import PROJECT, write_small_project


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PROJECT + "seeds:\n  x: 1\n", r"dbt_project\.yml:\d+: 'seeds' is not part of the subset"),
        (PROJECT.replace("+materialized", "+tags"), r"dbt_project\.yml:\d+: '\+tags' is not part"),
        (PROJECT.replace("view", "incremental"), r"dbt_project\.yml:\d+: 'incremental' is not known"),
        (PROJECT.replace("  small:", "  other:"), r"dbt_project\.yml, models:\d+: 'other' is not part"),
        (PROJECT.replace('run_id: ""', "run_id: [1]"), r"dbt_project\.yml:\d+: var 'run_id' has to be text"),
        (PROJECT.replace("    staging:\n", "    staging: 3\n    x:\n"), r"dbt_project\.yml:\d+: 'staging' is neither"),
        (PROJECT.replace("name: small\n", ""), r"dbt_project\.yml: `name` is missing"),
        (PROJECT + "name: again\n", r"dbt_project\.yml:\d+: .*duplicate key"),
        ("- a list\n", r"dbt_project\.yml: a mapping is wanted"),
        ("a: [\n", r"dbt_project\.yml:\d+: "),
    ],
)
def test_project_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A setting that the renderer would not honour must not look as if it did."""
    with pytest.raises(SqlProjectError, match=message):
        SqlProject.load(write_small_project(tmp_path, **{"dbt_project.yml": text}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("models:\n  - name: stg_manifests\n    data_tests: [unique]\n", r"x\.yml:3: 'data_tests' is not part"),
        ("snapshots: []\n", r"x\.yml:1: 'snapshots' is not part"),
        ("sources:\n  - name: s\n    loader: x\n", r"x\.yml:3: 'loader' is not part"),
        (
            "sources:\n  - name: s\n    tables:\n      - name: t\n        freshness: 1\n",
            r"x\.yml:5: 'freshness' is not",
        ),
        ("sources:\n  - name: 'a b'\n    tables: [{name: t}]\n", r"x\.yml: a b\.t is not a plain name"),
        (
            "models: [{name: stg_manifests}, {name: stg_manifests}]\n",
            r"x\.yml: model 'stg_manifests' is described twice",
        ),
    ],
)
def test_properties_are_refused(tmp_path: Path, text: str, message: str) -> None:
    """Generic tests of dbt and the like are not run by us, so they may not be written."""
    with pytest.raises(SqlProjectError, match=message):
        SqlProject.load(write_small_project(tmp_path, **{"models/x.yml": text}))


def test_missing_project_file_is_a_plain_error(tmp_path: Path) -> None:
    """No traceback for a wrong folder."""
    with pytest.raises(SqlProjectError, match=r"dbt_project\.yml cannot be read"):
        SqlProject.load(tmp_path)
