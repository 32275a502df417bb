"""Rendering: what ref, source, var, config, this, execute and return mean while one template runs."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from jinja2 import Template

from wb_pipeline.sql_project.model import Source, SourceKey
from wb_pipeline.sql_project.names import DEFAULT_SCHEMA, Relation, SqlProjectError
from wb_pipeline.sql_project.templates import MacroFile

_MATERIALIZED = ("table", "view")


@dataclass
class Found:
    """What a template asked for while it ran."""

    refs: set[str] = field(default_factory=set)
    sources: set[SourceKey] = field(default_factory=set)
    config: dict[str, str] = field(default_factory=dict)


class _MacroReturnError(Exception):
    """Carries the value of `return(...)` out of a macro; never seen outside."""

    def __init__(self, value: object) -> None:
        super().__init__("return() outside of a macro")
        self.value = value


class Run:
    """One rendering: the variables, the relation that is built, and what was asked for."""

    def __init__(
        self,
        macro_files: Sequence[MacroFile],
        sources: Mapping[SourceKey, Source],
        variables: Mapping[str, object],
        *,
        this: Relation | None,
        execute: bool,
    ) -> None:
        """Stand ready to render; with `execute` false nothing but `found` is of use."""
        self.found = Found()
        self._sources = sources
        self._variables = variables
        self._execute = execute
        self._modules: dict[str, Any] = {}
        self._context = self._new_context(macro_files, this)

    def render(self, template: Template) -> str:
        """Return the SQL of a template.

        Raises SqlProjectError that names the file and line at which rendering failed.
        """
        try:
            return template.render(self._context).strip()
        except Exception as error:  # Whatever a template provokes is the template's mistake, and gets its place.
            place = _place(error, template.name or "template")
            raise SqlProjectError(f"{place}: {error}") from error

    def _new_context(self, macro_files: Sequence[MacroFile], this: Relation | None) -> dict[str, object]:
        context: dict[str, object] = {
            "ref": self._ref,
            "source": self._source,
            "var": self._var,
            "config": self._config,
            "execute": self._execute,
            "return": _return,
        }
        if this is not None:
            context["this"] = this
        context |= {name: self._macro(name) for file in macro_files for name in file.names}
        for file in macro_files:
            module = file.template.make_module(context)
            self._modules |= {name: getattr(module, file.attribute(name)) for name in file.names}
        return context

    def _macro(self, name: str) -> Callable[..., object]:
        def call(*positional: object, **named: object) -> object:
            try:
                return self._modules[name](*positional, **named)
            except _MacroReturnError as returned:
                return returned.value

        return call

    def _ref(self, name: str) -> Relation:
        self.found.refs.add(name)
        return Relation(DEFAULT_SCHEMA, name)

    def _source(self, source_name: str, table: str) -> Relation:
        self.found.sources.add((source_name, table))
        known = self._sources.get((source_name, table))
        return known.relation if known else Relation(source_name, table)

    def _var(self, name: str, *default: object) -> object:
        if name in self._variables:
            return self._variables[name]
        if not default:
            raise SqlProjectError(f"var {name!r} is not declared in dbt_project.yml and has no default")
        return default[0]

    def _config(self, **given: str) -> str:
        unknown = sorted(set(given) - {"materialized"})
        if unknown:
            raise SqlProjectError(f"config({', '.join(unknown)}) is not part of the Jinja subset; only materialized is")
        if given.get("materialized", "table") not in _MATERIALIZED:
            raise SqlProjectError(f"materialized is {given['materialized']!r}; table and view are known")
        self.found.config |= given
        return ""


def _return(value: object = "") -> NoReturn:
    raise _MacroReturnError(value)


def _place(error: BaseException, label: str) -> str:
    """Return "file:line" of the innermost frame that Jinja mapped back to a template."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith((".sql", ".yml"))]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else label
