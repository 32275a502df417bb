"""No model depends on the order of rows, on chance or on the time of day (law 4, OVW-6)."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import Model, SqlProject
from wb_pipeline_tests.dbt_like_sql.gate_cases import VARIABLES

_PROJECT = SqlProject.load(sql_project_folder())
_MODELS = list(_PROJECT.models.values())

_CHANCE = {"any_value", "arbitrary", "first", "last", "random", "rand", "uuid", "gen_random_uuid", "shuffle"}
_CLOCK = {
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "today",
    "get_current_timestamp",
    "localtimestamp",
}
_LISTS = {"list", "array_agg", "string_agg", "group_concat", "listagg", "json_group_array"}
# A list of which every element is sorted as a whole has one order, like one with an order of its own.
_SORTS = {"list_sort", "array_sort"}
_RANKS = {"row_number", "first_value", "last_value", "nth_value", "lag", "lead", "ntile"}


def undecided_calls(sql: str) -> list[str]:
    """Return the calls whose result depends on more than the rows: chance, clock, lists and ranks without an order."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    return [call.sql(dialect="duckdb") for call in tree.find_all(exp.Func) if _is_undecided(call)]


def _is_undecided(call: exp.Func) -> bool:
    name = _name(call)
    if name in _LISTS:
        within = isinstance(call.parent, exp.WithinGroup)
        return not (within or call.find(exp.Order) or _is_sorted_at_once(call))
    if name in _RANKS:
        window = call.find_ancestor(exp.Window)
        return window is None or not (window.args.get("order") or window.args.get("alias"))
    return name in _CHANCE | _CLOCK


def _name(call: exp.Func) -> str:
    """Return what DuckDB is told, not what the parser calls it: `list(x)` and `array_agg(x)` are one node."""
    return call.sql(dialect="duckdb").split("(", maxsplit=1)[0].strip().lower()


def _is_sorted_at_once(call: exp.Func) -> bool:
    """Return whether nothing but a filter stands between a list and the sort around it."""
    outer = call.parent.parent if isinstance(call.parent, exp.Filter) else call.parent
    return isinstance(outer, exp.Func) and _name(outer) in _SORTS and _name(call) not in {"string_agg", "listagg"}


@pytest.mark.parametrize("model", _MODELS, ids=[model.name for model in _MODELS])
def test_model_is_decided_by_its_rows(model: Model) -> None:
    """OVW-6: the order of input never matters; a rerun gives the same table."""
    undecided = undecided_calls(_PROJECT.render(model.name, VARIABLES))
    assert not undecided, f"{model.folder}/{model.name}.sql: may change from run to run: " + "; ".join(undecided)


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("select any_value(a) from t", 1),
        ("select first(a) from t", 1),
        ("select now() from t", 1),
        ("select current_date from t", 1),
        ("select list(a) from t", 1),
        ("select list(distinct a) from t", 1),
        ("select string_agg(a, ', ') from t", 1),
        ("select row_number() over (partition by a) from t", 1),
        ("select list_sort([1, 2]), list(a) from t", 1),
        ("select list_sort(list_transform(list(a), lambda x: 1)) from t", 1),
        ("select list_sort(list(a), 'asc', 'nulls last'), list_sort(list(distinct a) filter (where b)) from t", 0),
        ("select list(a order by b), string_agg(a, ', ' order by a), max(a) from t", 0),
        ("select row_number() over (partition by a order by b) from t", 0),
    ],
)
def test_undecided_calls_are_found(sql: str, wanted: int) -> None:
    """The reader above sees what it is meant to see."""
    assert len(undecided_calls(sql)) == wanted
