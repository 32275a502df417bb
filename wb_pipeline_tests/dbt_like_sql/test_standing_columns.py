"""What properties files and gate cases say of a relation is what a real run leaves there: names, order, types."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence

import duckdb
import pytest

from wb_pipeline.home import Home
from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.dbt_like_sql.gate_cases import read_defaults, staged_differences
from wb_pipeline_tests.dedupe.deduped import dedupe_home

_PROJECT = SqlProject.load(sql_project_folder())
# (name, relation, columns): two sources may name one relation.
_DOCUMENTED = [
    *(
        (model.name, str(model.relation), list(model.columns))
        for model in _PROJECT.models.values()
        if not model.is_gate
    ),
    *((".".join(key), str(source.relation), list(source.columns)) for key, source in _PROJECT.sources.items()),
]
# What the steps of one run hand to each other; no SQL model reads it.
_HANDED_ON = {
    "checks.expectation_results",
    "checks.outcome_attestations",
    "facts.merge_trails",
    "facts.proposal_key_values",
    "facts.record_keys",
}
# Where the record linkage works; what it hands out lies in `facts` and `dedupe`, and is documented there.
_WORKSHOPS = {"matching", "prepared"}


@pytest.fixture(scope="module")
def warehouse(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse of the finished demo, deduplicated since, for reading."""
    home = Home(tmp_path_factory.mktemp("deduped") / "home")
    shutil.copytree(demo_home.root, home.root)
    dedupe_home(home)
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        yield con


@pytest.mark.parametrize(
    ("relation", "columns"), [each[1:] for each in _DOCUMENTED], ids=[each[0] for each in _DOCUMENTED]
)
def test_documented_columns_are_those_that_stand(
    relation: str, columns: Sequence[str], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A reader finds every column of a table described, in its order, and none that is not there."""
    assert columns == [row[0] for row in warehouse.execute(f"describe {relation}").fetchall()]


def test_gate_cases_stage_the_types_that_stand(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A gate case proves nothing on a column that a real run has not, or has in another type."""
    assert staged_differences(warehouse, read_defaults(_PROJECT.folder)) == []


def test_every_table_that_stands_is_documented(warehouse: duckdb.DuckDBPyConnection) -> None:
    """No table appears in silence: it is a model or a source, or one of the few that only Python reads."""
    tables = warehouse.execute("select table_schema, table_name from information_schema.tables").fetchall()
    standing = {f"{schema}.{name}" for schema, name in tables if schema not in _WORKSHOPS | {"policy"}}
    gates = {str(model.relation) for model in _PROJECT.models.values() if model.is_gate}
    documented = {relation for _, relation, _ in _DOCUMENTED if relation.partition(".")[0] not in _WORKSHOPS}
    assert standing - gates - documented == _HANDED_ON
