"""The SQL project as a whole: loads the folder, knows its models, renders them. Building is in `build`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from wb_pipeline.sql_project import graph
from wb_pipeline.sql_project.files import (
    ProjectFile,
    Properties,
    clean_text,
    read_columns,
    read_meta,
    read_project_file,
    read_properties,
)
from wb_pipeline.sql_project.model import Materialized, Model, SingularTest, Source, SourceKey
from wb_pipeline.sql_project.names import (
    DEFAULT_SCHEMA,
    Relation,
    SqlProjectError,
    Variables,
    check_variables,
    is_identifier,
)
from wb_pipeline.sql_project.render import Found, Run
from wb_pipeline.sql_project.templates import MacroFile, compile_query, new_environment


@dataclass(frozen=True)
class _Toolbox:
    """What every rendering of the project shares."""

    environment: SandboxedEnvironment
    macro_files: Sequence[MacroFile]
    sources: Mapping[SourceKey, Source]
    declared: Variables
    _compiled: dict[tuple[str, str], Template] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, settings: ProjectFile, properties: Sequence[Properties]) -> _Toolbox:
        environment = new_environment()
        files = [
            MacroFile(environment, path.read_text(encoding="utf-8"), path, _label(folder, path))
            for path in _files(folder, settings.macro_paths, "*.sql")
        ]
        names = [name for file in files for name in file.names]
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise SqlProjectError(f"Macro {name!r} is defined twice under {', '.join(settings.macro_paths)}/.")
        for file in files:
            file.compile(names)
        sources = {source.key: source for found in properties for source in found.sources}
        return cls(environment, files, sources, settings.variables)

    def compile(self, text: str, label: str) -> Template:
        """Return the template of a text, compiled once: loading and rendering share it, and models share their hook."""
        if (label, text) not in self._compiled:
            names = [name for file in self.macro_files for name in file.names]
            self._compiled[label, text] = compile_query(self.environment, text, label, names)
        return self._compiled[label, text]

    def render(self, text: str, label: str, variables: Variables, this: Relation | None) -> str:
        checked = check_variables(variables, self.declared)
        run = Run(self.macro_files, self.sources, checked, this=this, execute=True)
        return run.render(self.compile(text, label))

    def explore(self, texts: Mapping[str, str], this: Relation | None) -> Found:
        """Run {label: text} with `execute` false, as dbt's parser does, and return what they asked for."""
        run = Run(self.macro_files, self.sources, self.declared, this=this, execute=False)
        for label, text in texts.items():
            run.render(self.compile(text, label))
        return run.found


@dataclass(frozen=True)
class SqlProject:
    """A folder in the frozen dbt subset: models with their properties, sources, macros, singular tests."""

    folder: Path
    settings: ProjectFile
    models: Mapping[str, Model]
    sources: Mapping[SourceKey, Source]
    tests: Mapping[str, SingularTest]
    _toolbox: _Toolbox

    @classmethod
    def load(cls, folder: Path) -> SqlProject:
        """Read the folder.

        Raises SqlProjectError, with file and line, for YAML or Jinja outside the subset, a model name that occurs twice
        and properties of a model that does not exist. Missing refs are reported by `order`.
        """
        settings = read_project_file(folder)
        properties = [
            read_properties(path, _label(folder, path)) for path in _files(folder, settings.model_paths, "*.yml")
        ]
        toolbox = _Toolbox.load(folder, settings, properties)
        loader = _Loader(folder, settings, toolbox, _describe(folder, properties))
        tests = {test.name: test for test in loader.tests()}
        return cls(folder, settings, loader.models(), toolbox.sources, tests, toolbox)

    def order(self) -> list[str]:
        """Return all model names, parents first; errors as in `graph.order`."""
        return graph.order(self.models, self.sources)

    def steps(self) -> list[graph.Step]:
        """Return the groups of models that may run as one step, in build order."""
        return graph.steps(self.models, self.sources)

    def label(self, path: Path) -> str:
        """Return a file's path as messages show it: from the project's folder on."""
        return _label(self.folder, path)

    def render(self, name: str, variables: Variables) -> str:
        """Return the SQL of one model."""
        model = self.model(name)
        return self._toolbox.render(model.sql, self.label(model.path), variables, model.relation)

    def render_hooks(self, name: str, variables: Variables) -> list[str]:
        """Return the statements to run after a model, in its transaction."""
        model = self.model(name)
        return [
            self._toolbox.render(hook, _hook_label(number), variables, model.relation)
            for number, hook in enumerate(model.post_hooks, 1)
        ]

    def render_on_run_start(self, variables: Variables) -> list[str]:
        """Return the statements to run before any model; they may be run any number of times."""
        return [
            self._toolbox.render(text, "dbt_project.yml (on-run-start)", variables, None)
            for text in self.settings.on_run_start
        ]

    def render_test(self, name: str, variables: Variables) -> str:
        """Return the SQL of a singular test."""
        if name not in self.tests:
            raise SqlProjectError(f"There is no test {name!r} in {self.folder.name}.")
        test = self.tests[name]
        return self._toolbox.render(test.sql, self.label(test.path), variables, None)

    def model(self, name: str) -> Model:
        """Return a model, or raise SqlProjectError."""
        if name not in self.models:
            raise SqlProjectError(f"There is no model {name!r} in {self.folder.name}.")
        return self.models[name]


@dataclass(frozen=True)
class _Loader:
    """Turns the SQL files of a folder into models and tests."""

    folder: Path
    settings: ProjectFile
    toolbox: _Toolbox
    described: Mapping[str, tuple[Path, Mapping[str, object]]]

    def models(self) -> dict[str, Model]:
        models: dict[str, Model] = {}
        for root in self.settings.model_paths:
            for path in _files(self.folder, [root], "*.sql"):
                if path.stem in models or not is_identifier(path.stem):
                    label = _label(self.folder, path)
                    raise SqlProjectError(f"{label}: the name is taken, or is not a plain lower-case name.")
                models[path.stem] = self._model(path, path.parent.relative_to(self.folder / root).as_posix())
        for name in sorted(set(self.described) - set(models)):
            label = _label(self.folder, self.described[name][0])
            raise SqlProjectError(f"{label} describes {name!r}, but there is no such SQL file.")
        return models

    def tests(self) -> list[SingularTest]:
        return [self._test(path) for path in _files(self.folder, self.settings.test_paths, "*.sql")]

    def _model(self, path: Path, inside: str) -> Model:
        defaults = self.settings.settings(inside)
        sql = path.read_text(encoding="utf-8")
        hooks = {_hook_label(number): hook for number, hook in enumerate(defaults.post_hooks, 1)}
        found = self.toolbox.explore({_label(self.folder, path): sql, **hooks}, Relation(DEFAULT_SCHEMA, path.stem))
        properties_path, entry = self.described.get(path.stem, (None, {}))
        return Model(
            name=path.stem,
            path=path,
            folder=inside,
            sql=sql,
            materialized=cast("Materialized", found.config.get("materialized", defaults.materialized)),
            description=clean_text(entry.get("description")),
            columns=read_columns(entry),
            meta=read_meta(entry),
            depends_on=tuple(sorted(found.refs)),
            sources=tuple(sorted(found.sources)),
            post_hooks=defaults.post_hooks,
            properties_path=properties_path,
        )

    def _test(self, path: Path) -> SingularTest:
        sql = path.read_text(encoding="utf-8")
        found = self.toolbox.explore({_label(self.folder, path): sql}, None)
        return SingularTest(path.stem, path, sql, tuple(sorted(found.refs)), tuple(sorted(found.sources)))


def _describe(folder: Path, properties: Sequence[Properties]) -> dict[str, tuple[Path, Mapping[str, object]]]:
    described: dict[str, tuple[Path, Mapping[str, object]]] = {}
    for found in properties:
        for name, entry in found.models.items():
            if name in described:
                raise SqlProjectError(f"{_label(folder, found.path)}: {name!r} is described elsewhere too.")
            described[name] = (found.path, entry)
    return described


def _hook_label(number: int) -> str:
    return f"dbt_project.yml (post-hook {number})"


def _files(folder: Path, roots: Sequence[str], pattern: str) -> list[Path]:
    return sorted(path for root in roots for path in (folder / root).rglob(pattern) if path.is_file())


def _label(folder: Path, path: Path) -> str:
    return f"{folder.name}/{path.relative_to(folder).as_posix()}"
