"""The order of the models: what comes before what, and which models of a folder may run as one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from wb_pipeline.sql_project.model import Model, Source, SourceKey
from wb_pipeline.sql_project.names import SqlProjectError


@dataclass(frozen=True)
class Step:
    """Models of one folder that may be built together without a circle among the steps. `names` is in build order."""

    folder: str
    level: int
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """A name for the step that is unique in the project: folder, and the level where a folder has several."""
        return f"{self.folder.replace('/', '_')}_{self.level}"


def parents(model: Model, sources: Mapping[SourceKey, Source]) -> set[str]:
    """Return the models that must stand before this one, including those behind a table that Python makes of them."""
    through_python = {name for key in model.sources if key in sources for name in sources[key].made_from}
    return set(model.depends_on) | through_python


def order(models: Mapping[str, Model], sources: Mapping[SourceKey, Source]) -> list[str]:
    """Return the model names, parents first, ties by name.

    Raises SqlProjectError for a ref or source that does not exist, and for a circle; every missing one is named.
    """
    _check_references(models, sources)
    sorter = TopologicalSorter({name: parents(model, sources) for name, model in models.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise SqlProjectError(f"The models refer to each other in a circle: {circle}.") from None
    found: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found += ready
        sorter.done(*ready)
    return found


def steps(models: Mapping[str, Model], sources: Mapping[SourceKey, Source]) -> list[Step]:
    """Return the steps in build order; each model is in exactly one.

    A model's level is that of its deepest parent, plus one where the parent lies in another folder or Python stands in
    between. Levels never fall along an edge, and edges within a level stay in one folder: the steps have no circle.
    """
    names = order(models, sources)
    levels: dict[str, int] = {}
    for name in names:
        levels[name] = _level(models[name], models, sources, levels)
    groups: dict[tuple[int, str], list[str]] = {}
    for name in names:
        groups.setdefault((levels[name], models[name].folder), []).append(name)
    return [Step(folder, level, tuple(members)) for (level, folder), members in sorted(groups.items())]


def _level(
    model: Model, models: Mapping[str, Model], sources: Mapping[SourceKey, Source], levels: Mapping[str, int]
) -> int:
    direct = (levels[name] + (models[name].folder != model.folder) for name in model.depends_on)
    # Python's table stands one level above its models, and this model one above that table.
    through_python = (levels[name] + 2 for key in model.sources for name in sources[key].made_from)
    return max([0, *direct, *through_python])


def _check_references(models: Mapping[str, Model], sources: Mapping[SourceKey, Source]) -> None:
    problems = [problem for model in models.values() for problem in _missing(model, models, sources)]
    problems += [
        f"{source.path.name}: {source.relation} is made from {name!r}, which is not a model"
        for source in sources.values()
        for name in source.made_from
        if name not in models
    ]
    if problems:
        raise SqlProjectError("The SQL project refers to what does not exist:\n  " + "\n  ".join(sorted(problems)))


def _missing(model: Model, models: Mapping[str, Model], sources: Mapping[SourceKey, Source]) -> Iterable[str]:
    place = f"{model.folder}/{model.path.name}"
    for name in model.depends_on:
        if name not in models:
            yield f"{place}{_line(model.sql, name)}: ref {name!r} is not a model"
    for source_name, table in model.sources:
        if (source_name, table) not in sources:
            yield f"{place}{_line(model.sql, table)}: source {source_name}.{table} is not in a sources.yml"


def _line(sql: str, name: str) -> str:
    found = [number for number, text in enumerate(sql.splitlines(), 1) if f"'{name}'" in text or f'"{name}"' in text]
    return f":{found[0]}" if found else ""
