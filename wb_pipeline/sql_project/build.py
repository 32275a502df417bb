"""Building models: each becomes a table or view of the warehouse, whole or not at all; gates attest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from wb_pipeline.errors import GateBrokenError, WbError
from wb_pipeline.sql_project.model import Model
from wb_pipeline.sql_project.names import SqlProjectError, Variables
from wb_pipeline.sql_project.project import SqlProject

_MESSAGE_CHARACTERS = 2_000


@dataclass(frozen=True)
class BuiltModel:
    """What was built: number of rows, wall time, and {column: DuckDB type} in order."""

    name: str
    rows: int
    seconds: float
    columns: Mapping[str, str]


def build(
    con: duckdb.DuckDBPyConnection,
    project: SqlProject,
    names: Sequence[str] | None,
    variables: Variables,
    on_built: Callable[[BuiltModel], None] | None = None,
) -> list[BuiltModel]:
    """Build the named models (None: all), parents first; `on_built` hears of each as soon as it stands.

    Every model is one transaction with its post-hooks, so `con` must not be in one. What runs before any model
    (on-run-start) is run each time; it changes nothing the second time.
    Raises GateBrokenError for a gate and SqlProjectError for another model that DuckDB refuses, with file and message;
    models built before it stay, none after it is touched (EXC-3).
    """
    wanted = set(project.models if names is None else names)
    ordered = [name for name in project.order() if name in wanted]
    for name in sorted(wanted - set(ordered)):
        project.model(name)
    for statement in project.render_on_run_start(variables):
        with _explained("dbt_project.yml (on-run-start)", SqlProjectError):
            con.execute(statement)
    built: list[BuiltModel] = []
    views = _standing_views(con)
    for name in ordered:
        model = project.models[name]
        built.append(_build_one(con, project, model, variables, is_view_now=_place(model) in views))
        if on_built:
            on_built(built[-1])
    return built


@contextmanager
def _explained(label: str, kind: type[WbError]) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise kind(
            f"{label}: {plain_message(error)}", hint="The run stops here; what was built before stays."
        ) from error


def plain_message(error: BaseException) -> str:
    """Return an error's text, bounded, without control characters: DuckDB may quote a value that came from outside."""
    text = str(error)[:_MESSAGE_CHARACTERS]
    return "".join(letter if letter.isprintable() or letter == "\n" else repr(letter)[1:-1] for letter in text)


def _build_one(
    con: duckdb.DuckDBPyConnection, project: SqlProject, model: Model, variables: Variables, *, is_view_now: bool
) -> BuiltModel:
    started = time.perf_counter()
    kind = GateBrokenError if model.is_gate else SqlProjectError
    try:
        query = project.render(model.name, variables)
        hooks = project.render_hooks(model.name, variables)
    except SqlProjectError as error:
        raise kind(error.message, hint=error.hint) from error
    with _explained(project.label(model.path), kind):
        _create(con, model, query, hooks, is_view_now=is_view_now)
        rows = con.execute(f"select count(*) from {model.relation}").fetchall()[0][0]  # noqa: S608 - a checked name
        columns = {row[0]: row[1] for row in con.execute(f"describe {model.relation}").fetchall()}
    return BuiltModel(model.name, rows, time.perf_counter() - started, columns)


def _create(
    con: duckdb.DuckDBPyConnection, model: Model, query: str, hooks: Sequence[str], *, is_view_now: bool
) -> None:
    con.begin()
    try:
        # `create or replace` refuses to put a table in the place of a view, and the reverse.
        if is_view_now != (model.materialized == "view"):
            con.execute(f"drop {'view' if is_view_now else 'table'} if exists {model.relation}")
        con.execute(f"create or replace {model.materialized} {model.relation} as (\n{query}\n)")
        for hook in hooks:
            con.execute(hook)
        con.commit()
    except BaseException:
        con.rollback()
        raise


def _standing_views(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Return (schema, name) of every view; asked once for all models, because the catalog takes its time."""
    query = (
        "select schema_name, view_name from duckdb_views() where not internal and database_name = current_database()"
    )
    return set(con.execute(query).fetchall())


def _place(model: Model) -> tuple[str, str]:
    return model.relation.schema, model.relation.identifier
