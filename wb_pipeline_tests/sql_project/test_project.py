"""Loading a folder and rendering its models."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.sql_project import SqlProject, SqlProjectError
from wb_pipeline_tests.sql_project.small_project import PROJECT, write_small_project

GATE = "gate_policy__small"


def test_load_reads_what_stands_beside_the_sql(tmp_path: Path) -> None:
    """Path, folder, description, columns, meta, references and hooks of a model."""
    gate = SqlProject.load(write_small_project(tmp_path)).models[GATE]
    assert (gate.folder, gate.path.name, gate.materialized) == ("gates", f"{GATE}.sql", "table")
    assert (gate.description, dict(gate.columns)) == ("Why it is there.", {"reason": "Code."})
    assert gate.meta == {"guardrails": ["FLD-1"]}
    assert gate.depends_on == ("int_changes_with_context",)
    assert gate.post_hooks == ("{{ attest_gate() }}",)
    assert gate.is_gate


def test_load_reads_folder_settings(tmp_path: Path) -> None:
    """+materialized counts for the folder it stands under, and a model may say otherwise."""
    view = "{{ config(materialized='view') }}\nselect 1 as a"
    project = SqlProject.load(write_small_project(tmp_path, **{"models/marts/one.sql": view}))
    kinds = {name: model.materialized for name, model in project.models.items()}
    assert kinds["stg_manifests"] == "view"
    assert kinds["int_changes_with_context"] == "table"
    assert kinds["one"] == "view"
    assert project.models["stg_manifests"].sources == (("raw", "run_manifests"),)


def test_render_puts_relations_and_variables_in_place(tmp_path: Path) -> None:
    """ref, source and var, nothing else changed."""
    project = SqlProject.load(write_small_project(tmp_path))
    assert project.render("stg_manifests", {"run_id": "run-1"}) == (
        "select manifest_id from raw.run_manifests\nwhere run_id is not distinct from 'run-1'"
    )
    assert "inner join main.stg_manifests" in project.render("int_changes_with_context", {})


def test_source_may_have_another_schema_and_name(tmp_path: Path) -> None:
    """Two sources may be one relation: the books before the run, and after it."""
    sources = (
        "sources:\n  - name: raw\n    tables: [{name: run_manifests}, {name: changes}]\n"
        "  - name: earlier\n    schema: books\n    tables: [{name: decisions, identifier: sealed_decisions}]\n"
    )
    sql = "select * from {{ source('earlier', 'decisions') }}"
    project = SqlProject.load(write_small_project(tmp_path, **{"models/sources.yml": sources, "models/x/x.sql": sql}))
    assert project.render("x", {}) == "select * from books.sealed_decisions"
    assert project.models["x"].sources == (("earlier", "decisions"),)


@pytest.mark.parametrize(
    "text",
    ["'; drop table x; --", "a b", "a'b", "a\nb", "ü", "x" * 201, "-- x", '"', "$1", "(select 1)"],
)
def test_render_refuses_text_that_is_more_than_a_literal(tmp_path: Path, text: str) -> None:
    """No text from outside is ever put into SQL."""
    project = SqlProject.load(write_small_project(tmp_path))
    with pytest.raises(SqlProjectError, match="may not stand in SQL"):
        project.render("stg_manifests", {"run_id": text})


def test_render_refuses_an_undeclared_variable(tmp_path: Path) -> None:
    """A misspelt variable must not quietly mean its default."""
    project = SqlProject.load(write_small_project(tmp_path))
    with pytest.raises(SqlProjectError, match=r"'runid' is not declared .*run_id"):
        project.render("stg_manifests", {"runid": "run-1"})


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"models/marts/stg_manifests.sql": "select 1"}, r"staging/stg_manifests.sql: the name is taken"),
        ({"models/marts/Bad-Name.sql": "select 1"}, r"marts/Bad-Name.sql: .* not a plain lower-case name"),
        ({"models/marts/x.yml": "models: [{name: ghost}]"}, r"marts/x.yml describes 'ghost', but there is no such"),
        ({"models/marts/x.yml": f"models: [{{name: {GATE}}}]"}, r"marts/x.yml: 'gate_policy__small' is described else"),
        ({"macros/twice.sql": "{% macro attest_gate() %}{% endmacro %}"}, "'attest_gate' is defined twice"),
    ],
)
def test_load_refuses_what_is_ambiguous(tmp_path: Path, files: dict[str, str], message: str) -> None:
    """One name, one file; one file, one description."""
    with pytest.raises(SqlProjectError, match=message):
        SqlProject.load(write_small_project(tmp_path, **files))


def test_on_run_start_is_rendered(tmp_path: Path) -> None:
    """The statement that makes the table of attestations."""
    (statement,) = SqlProject.load(write_small_project(tmp_path)).render_on_run_start({})
    assert statement.startswith("create table if not exists main.gate_attestations")


def test_deeper_hooks_are_added(tmp_path: Path) -> None:
    """As in dbt, hooks of a folder and of the folder around it all run, the outer first."""
    settings = PROJECT.replace("  small:\n", '  small:\n    +post-hook: "select 1"\n')
    project = SqlProject.load(write_small_project(tmp_path, **{"dbt_project.yml": settings}))
    assert project.models[GATE].post_hooks == ("select 1", "{{ attest_gate() }}")
