"""Every model and source says what its rows are and its columns mean; gate cases stage what really stands."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import Model, Source, SqlProject
from wb_pipeline_tests.dbt_like_sql.gate_cases import (
    DEFAULTS_FILE,
    VARIABLES,
    CaseRunner,
    StagedRelation,
    read_defaults,
)

_PROJECT = SqlProject.load(sql_project_folder())
_MODELS = [model for model in _PROJECT.models.values() if not model.is_gate]
_SOURCES = list(_PROJECT.sources.values())
_STAGED = list(read_defaults(_PROJECT.folder).values())


def _selected_columns(name: str) -> list[str]:
    """Return the columns of a model as its SQL names them; empty where a star hides them."""
    query = sqlglot.parse_one(_PROJECT.render(name, VARIABLES), dialect="duckdb")
    final = next((cte.this for cte in query.find_all(exp.CTE) if cte.alias == "final"), query)
    names = [str(column) for column in final.named_selects] if isinstance(final, exp.Query) else []
    return [] if "*" in names else names


@pytest.mark.parametrize("model", _MODELS, ids=[model.name for model in _MODELS])
def test_model_is_documented(model: Model) -> None:
    """A reader learns the grain and every column without opening the SQL."""
    assert model.description, f"{model.name}: no description in a properties file beside it"
    assert "grain" in model.description.lower(), f"{model.name}: the description does not say the grain"
    assert model.columns, f"{model.name}: no column is described"
    blank = sorted(name for name, text in model.columns.items() if not text)
    assert not blank, f"{model.name}: columns without a description: {blank}"
    missing = sorted(set(_selected_columns(model.name)) - set(model.columns))
    assert not missing, f"{model.name}: columns that are not described: {missing}"


@pytest.mark.parametrize("source", _SOURCES, ids=[".".join(source.key) for source in _SOURCES])
def test_source_is_documented(source: Source) -> None:
    """Every table that Python makes says what one row is; columns that are listed say what they mean."""
    assert "grain" in source.description.lower(), f"{source.relation}: {source.path.name} does not say its grain"
    blank = sorted(name for name, text in source.columns.items() if not text)
    assert not blank, f"{source.relation}: columns without a description: {blank}"


def test_references_exist() -> None:
    """Every ref is a model, every source is described, and nothing goes in a circle."""
    assert len(_PROJECT.order()) == len(_PROJECT.models)


@pytest.mark.parametrize("relation", _STAGED, ids=[relation.name for relation in _STAGED])
def test_gate_cases_stage_what_stands(relation: StagedRelation, runner: CaseRunner) -> None:
    """gate_case_defaults.yml has the columns of the real relation, so that a case proves something."""
    if relation.name in _PROJECT.models:
        described = runner.standing_columns(relation.name)
        standing = set(described or _selected_columns(relation.name))
        assert standing, f"{relation.name}: its columns are behind a star"
        missing, extra = sorted(standing - set(relation.types)), sorted(set(relation.types) - standing)
        assert not missing + extra, f"{DEFAULTS_FILE}, {relation.name}: missing {missing}, no longer there {extra}"
        assert not described or described == dict(relation.types), f"{DEFAULTS_FILE}, {relation.name}: other types"
    else:
        schema, table = relation.name.split(".")
        assert (schema, table) in _PROJECT.sources, f"{relation.name} is not a source"
