"""Order and steps of models."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.sql_project import Model, Source, SqlProjectError
from wb_pipeline.sql_project.graph import order, parents, steps
from wb_pipeline.sql_project.names import Relation

Models = dict[str, Model]


def _model(name: str, folder: str, refs: tuple[str, ...] = (), sources: tuple[tuple[str, str], ...] = ()) -> Model:
    sql = " ".join(f"{{{{ ref('{ref}') }}}}" for ref in refs)
    return Model(name, Path(f"{name}.sql"), folder, sql, "table", depends_on=refs, sources=sources)


def _models(*models: Model) -> Models:
    return {model.name: model for model in models}


def _source(table: str, *made_from: str) -> Mapping[tuple[str, str], Source]:
    return {("py", table): Source(("py", table), Relation("py", table), "", {}, made_from, Path("sources.yml"))}


def test_order_puts_parents_first() -> None:
    """Ties by name, so that two loads give one order."""
    assert order(
        _models(_model("b", "x", ("c",)), _model("a", "x", ("b",)), _model("c", "x"), _model("d", "x")), {}
    ) == [
        "c",
        "d",
        "b",
        "a",
    ]


def test_order_names_the_circle() -> None:
    """The way round is shown."""
    with pytest.raises(SqlProjectError, match=r"in a circle: (a -> b -> a|b -> a -> b)"):
        order(_models(_model("a", "x", ("b",)), _model("b", "x", ("a",))), {})


def test_order_names_everything_that_is_missing() -> None:
    """Refs with file and line, sources, and the models behind a source: all at once."""
    models = _models(_model("a", "x", ("ghost",)), _model("b", "x", (), (("py", "none"),)))
    with pytest.raises(SqlProjectError) as caught:
        order(models, _source("made", "phantom"))
    assert "x/a.sql:1: ref 'ghost' is not a model" in caught.value.message
    assert "x/b.sql: source py.none is not in a sources.yml" in caught.value.message
    assert "py.made is made from 'phantom', which is not a model" in caught.value.message


def test_order_goes_through_python() -> None:
    """A table that Python makes of a model stands between that model and its readers."""
    models = _models(_model("a", "x", (), (("py", "t"),)), _model("z", "x"))
    assert order(models, _source("t", "z")) == ["z", "a"]


def test_steps_split_a_folder_where_another_lies_between() -> None:
    """Gates stand between two strata of intermediate models; Python between two of any folder."""
    models = _models(
        _model("int_a", "intermediate"),
        _model("int_b", "intermediate", ("int_a",)),
        _model("gate_a", "gates", ("int_b",)),
        _model("int_c", "intermediate", ("gate_a",)),
        _model("int_d", "intermediate", ("int_c",), (("py", "t"),)),
    )
    found = [(step.key, step.names) for step in steps(models, _source("t", "int_c"))]
    assert found == [
        ("intermediate_0", ("int_a", "int_b")),
        ("gates_1", ("gate_a",)),
        ("intermediate_2", ("int_c",)),
        ("intermediate_4", ("int_d",)),
    ]


@st.composite
def _graphs(draw: st.DrawFn) -> tuple[Models, Mapping[tuple[str, str], Source]]:
    """Draw models in three folders that refer to earlier ones, some through a table that Python makes."""
    models: Models = {}
    sources: dict[tuple[str, str], Source] = {}
    for number in range(draw(st.integers(1, 12))):
        earlier = st.lists(st.sampled_from(sorted(models)), unique=True, max_size=3) if models else st.just([])
        through = draw(earlier)
        sources |= _source(f"t{number}", *through)
        read = ((("py", f"t{number}"),)) if through else ()
        model = _model(f"m{number:02}", draw(st.sampled_from("xyz")), tuple(draw(earlier)), read)
        models[model.name] = model
    return models, sources


@settings(max_examples=150)
@given(_graphs())
def test_steps_never_form_a_circle(graph: tuple[Models, Mapping[tuple[str, str], Source]]) -> None:
    """Whatever the models: each is in one step of its folder, parents never in a later one, and steps have an order."""
    models, sources = graph
    found = steps(models, sources)
    place = {name: number for number, step in enumerate(found) for name in step.names}
    assert sorted(place) == sorted(models)
    assert all(models[name].folder == step.folder for step in found for name in step.names)
    edges = {(place[parent], place[name]) for name, model in models.items() for parent in parents(model, sources)}
    assert all(before <= after for before, after in edges)
    # Python's tables are nodes of their own: a step that a table is made from must not be the step that reads it.
    python = {
        (place[parent], place[name]) for name, m in models.items() for k in m.sources for parent in sources[k].made_from
    }
    assert all(before < after for before, after in python)
    sorter = TopologicalSorter[int]()
    for before, after in edges:
        if before != after:
            sorter.add(after, before)
    sorter.prepare()


@settings(max_examples=100)
@given(_graphs())
def test_order_is_kept_by_the_steps(graph: tuple[Models, Mapping[tuple[str, str], Source]]) -> None:
    """Inside a step and across steps every model comes after its parents."""
    models, sources = graph
    in_turn = [name for step in steps(models, sources) for name in step.names]
    for name, model in models.items():
        assert all(in_turn.index(parent) < in_turn.index(name) for parent in parents(model, sources))
