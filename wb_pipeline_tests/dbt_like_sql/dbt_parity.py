"""Builds a completed run's models again with dbt, on a copy of the warehouse, and says where the rows differ."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject

_ATTESTATIONS = "gate_attestations"
_LOG_LINES = 40
_DBT = "from dbt.cli.main import cli; cli()"


def compare_with_dbt(warehouse_copy: Path, run_id: str, work: Path, folder: Path | None = None) -> list[str]:
    """Return what differs between the models in a warehouse and what `dbt build` makes of its Python tables.

    Empty means: the same rows (order aside), columns and types in every model and in the gates' attestations, and
    dbt's tests pass. `warehouse_copy` is a closed DuckDB file in which `run_id` was the last run built; it is only
    read. `work` is an empty folder for dbt's own copy, target and logs.
    """
    project = SqlProject.load(folder or sql_project_folder())
    # dbt names the database after the file; its views carry that name.
    ours, theirs = work / "ours.duckdb", work / "theirs.duckdb"
    for copy in (ours, theirs):
        shutil.copy(warehouse_copy, copy)
    with duckdb.connect(str(theirs)) as con:
        if not con.execute("select count(*) from raw.run_manifests where run_id = ?", [run_id]).fetchall()[0][0]:
            return [f"run {run_id!r} has no manifest in raw.run_manifests"]
        _drop_models(con, project)
    problem = run_dbt("build", theirs, run_id, work, project.folder)
    return [*([problem] if problem else []), *_differences(ours, theirs, project)]


def run_dbt(command: str, warehouse: Path, run_id: str, work: Path, folder: Path) -> str:
    """Run a dbt command by hand, as the README says; return the end of its log if it failed, else nothing."""
    places: list[str | Path] = ["--project-dir", folder, "--profiles-dir", folder]
    places += ["--target-path", work / "target", "--log-path", work / "logs"]
    done = subprocess.run(
        [sys.executable, "-c", _DBT, "--no-use-colors", command, *places, "--vars", f"{{run_id: {run_id}}}"],
        env={**os.environ, "WB_WAREHOUSE": str(warehouse), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
    )
    tail = (done.stdout + done.stderr).splitlines()[-_LOG_LINES:]
    return "" if done.returncode == 0 else f"dbt {command} failed:\n" + "\n".join(tail)


def _drop_models(con: duckdb.DuckDBPyConnection, project: SqlProject) -> None:
    standing = con.execute(
        "select table_name, table_type from information_schema.tables where table_schema = 'main'"
    ).fetchall()
    for name, kind in standing:
        if name in project.models or name == _ATTESTATIONS:
            con.execute(f"drop {'view' if kind == 'VIEW' else 'table'} main.{name}")


def _differences(ours: Path, theirs: Path, project: SqlProject) -> Iterator[str]:
    with duckdb.connect(str(ours), read_only=True) as con:
        con.execute(f"attach '{theirs}' as theirs (read_only)")
        for name in [*project.order(), _ATTESTATIONS]:
            yield from _model_differences(con, name)


def _model_differences(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    try:
        types, their_types = (
            {row[0]: row[1] for row in con.execute(f"describe {place}").fetchall()}
            for place in (f"ours.main.{name}", f"theirs.main.{name}")
        )
        if list(types.items()) != list(their_types.items()):
            yield f"{name}: columns differ: {types} and, by dbt, {their_types}"
            return
        extra, missing = (
            con.execute(f"select count(*) from (from {left} except all from {right})").fetchall()[0][0]
            for left, right in (
                (f"theirs.main.{name}", f"ours.main.{name}"),
                (f"ours.main.{name}", f"theirs.main.{name}"),
            )
        )
    except duckdb.CatalogException as error:
        yield f"{name}: {error}"
        return
    if extra or missing:
        yield f"{name}: {extra} rows only by dbt, {missing} rows only by our renderer"
