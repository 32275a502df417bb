"""What a template may say, and that anything else is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.sql_project import SqlProject, SqlProjectError
from wb_pipeline_tests.sql_project.small_project import write_small_project


def _load(folder: Path, sql: str, macro: str = "") -> SqlProject:
    return SqlProject.load(write_small_project(folder, **{"models/marts/one.sql": sql, "macros/own.sql": macro}))


@pytest.mark.parametrize(
    "said",
    [
        "{{ env_var('HOME') }}",
        "{{ run_query('select 1') }}",
        "{{ adapter.dispatch('x') }}",
        "{% if is_incremental() %}{% endif %}",
        "{{ dbt_utils.star(ref('x')) }}",
        "{{ range(3) }}",
        "{{ cycler('a') }}",
        "{% include 'x.sql' %}",
        "{% import 'x.sql' as x %}",
        "{% from 'x.sql' import y %}",
        "{% extends 'x.sql' %}",
        "{% macro x() %}{% endmacro %}",
        "{% block x %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{{ 'x' | xmlattr }}",
        "{{ 'x' is odd }}",
        "{{ config(tags=['x']) }}",
        "{{ config(materialized='ephemeral') }}",
        "{{ var('unknown') }}",
        "{{ ''.__class__ }}",
        "{{ this.__init__.__globals__ }}",
        "{{ ref('x').delete() }}",
        "{{ ref() }}",
        "{{ source('raw') }}",
        "{{ 1 / 0 }}",
        "{% if %}",
        "{{ unclosed",
    ],
)
def test_anything_else_is_refused_with_its_place(tmp_path: Path, said: str) -> None:
    """The subset is frozen: what dbt knows and we do not is an error that names file and line."""
    with pytest.raises(SqlProjectError, match=r"models/marts/one\.sql:3: "):
        _load(tmp_path, f"select 1 as a,\n2 as b,\n{said}")


def test_this_names_the_relation(tmp_path: Path) -> None:
    """`this` and its parts."""
    project = _load(tmp_path, "select '{{ this }} {{ this.schema }} {{ this.identifier }} {{ this.name }}' as a")
    assert project.render("one", {}) == "select 'main.one main one one' as a"


def test_macros_return_values_and_call_each_other(tmp_path: Path) -> None:
    """`return` carries a list, also through a sibling; text macros give text."""
    macro = (
        "{% macro names() %}{{ return(['a', 'b']) }}{% endmacro %}\n"
        "{% macro again() %}{% do return(names()) %}{% endmacro %}\n"
        "{% macro column(name, alias='x') -%} {{ name }} as {{ alias }} {%- endmacro %}\n"
    )
    sql = "select {% for name in again() %}{{ column(name, alias=name) }}{{ ', ' if not loop.last }}{% endfor %}"
    assert _load(tmp_path, sql, macro).render("one", {}) == "select a as a, b as b"


def test_refs_inside_macros_and_loops_count(tmp_path: Path) -> None:
    """The order knows what a template refers to in a roundabout way."""
    macro = "{% macro all_of(names) %}{% for n in names %}select * from {{ ref(n) }} {% endfor %}{% endmacro %}"
    project = _load(tmp_path, "{{ all_of(['stg_manifests', 'int_changes_with_context']) }}", macro)
    assert project.models["one"].depends_on == ("int_changes_with_context", "stg_manifests")


def test_execute_is_false_while_reading_and_true_while_rendering(tmp_path: Path) -> None:
    """As in dbt's parser and runner."""
    project = _load(tmp_path, "{% if execute %}select 1{% else %}select * from {{ ref('stg_manifests') }}{% endif %}")
    assert project.models["one"].depends_on == ("stg_manifests",)
    assert project.render("one", {}) == "select 1"


def test_var_has_a_default(tmp_path: Path) -> None:
    """The project's value wins over the template's default."""
    sql = "select '{{ var('own', 'mine') }}' as a, '{{ var('run_id', 'x') }}' as b"
    assert _load(tmp_path, sql).render("one", {"run_id": "run-1"}) == "select 'mine' as a, 'run-1' as b"


def test_error_inside_a_macro_names_the_macros_file(tmp_path: Path) -> None:
    """Where it went wrong, not where it was called."""
    with pytest.raises(SqlProjectError, match=r"macros/own\.sql:2: "):
        _load(tmp_path, "select {{ broken() }}", "{% macro broken() %}\n{{ 1 / 0 }}\n{% endmacro %}")


def test_unknown_name_inside_a_macro_names_the_macros_file(tmp_path: Path) -> None:
    """Macros keep to the subset too."""
    with pytest.raises(SqlProjectError, match=r"macros/own\.sql:2: 'adapter' is not part"):
        _load(tmp_path, "select 1", "{% macro broken() %}\n{{ adapter }}\n{% endmacro %}")
