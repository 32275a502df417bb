"""The frozen subset of dbt's Jinja: what a template may say, checked before anything is rendered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

from wb_pipeline.sql_project.names import SqlProjectError

CONTEXT_NAMES = frozenset({"ref", "source", "var", "config", "this", "execute", "return"})
_FILTERS = ("join", "length", "lower", "replace", "trim", "upper")
_TESTS = ("defined", "none", "undefined", "string")
_MACRO_PREFIX = "dbt_macro__"
_FORBIDDEN_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Import,
    nodes.FromImport,
    nodes.Include,
    nodes.Extends,
    nodes.Block,
    nodes.CallBlock,
    nodes.FilterBlock,
)


def new_environment() -> SandboxedEnvironment:
    """Return a sandboxed environment without Jinja's globals and with a handful of filters and tests."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, extensions=["jinja2.ext.do"], keep_trailing_newline=False
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


class MacroFile:
    """One file under `macros/`: a template that holds nothing but macros."""

    def __init__(self, environment: SandboxedEnvironment, text: str, path: Path, label: str) -> None:
        self.path = path
        self.label = label
        self._tree = _parse(environment, text, label)
        self._environment = environment
        self._macros = list(self._tree.find_all(nodes.Macro))
        self.names = tuple(macro.name for macro in self._macros)
        self.template: Template

    def compile(self, known: Collection[str]) -> None:
        """Check the file against all macro names of the project and make it callable."""
        _check(self._tree, self.label, known, where_macros_may_stand=True)
        for macro in self._macros:
            # As dbt does: a macro calls its sibling through the context, where `return` is understood.
            macro.name = _MACRO_PREFIX + macro.name
        self.template = _compile(self._environment, self._tree, self.label)

    @staticmethod
    def attribute(name: str) -> str:
        """Return what a macro is called inside its module."""
        return _MACRO_PREFIX + name


def compile_query(environment: SandboxedEnvironment, text: str, label: str, macro_names: Collection[str]) -> Template:
    """Return the template of a model, test or hook.

    Raises SqlProjectError with file and line for anything outside the subset.
    """
    tree = _parse(environment, text, label)
    _check(tree, label, macro_names, where_macros_may_stand=False)
    return _compile(environment, tree, label)


def _parse(environment: SandboxedEnvironment, text: str, label: str) -> nodes.Template:
    try:
        return environment.parse(text, name=label)
    except TemplateSyntaxError as error:
        raise SqlProjectError(f"{label}:{error.lineno}: {error.message}") from None


def _compile(environment: SandboxedEnvironment, tree: nodes.Template, label: str) -> Template:
    try:
        code = environment.compile(tree, name=label, filename=label)
    except TemplateSyntaxError as error:
        raise SqlProjectError(f"{label}:{error.lineno}: {error.message}") from None
    return Template.from_code(environment, code, {})


def _check(tree: nodes.Template, label: str, macro_names: Collection[str], *, where_macros_may_stand: bool) -> None:
    for line, problem in sorted(_problems(tree, macro_names, where_macros_may_stand=where_macros_may_stand)):
        raise SqlProjectError(
            f"{label}:{line}: {problem}",
            hint="The renderer knows ref, source, var, config, this, execute, return and the files in macros/.",
        )


def _problems(
    tree: nodes.Template, macro_names: Collection[str], *, where_macros_may_stand: bool
) -> Iterator[tuple[int, str]]:
    for node in tree.find_all(_FORBIDDEN_NODES):
        yield node.lineno, f"{{% {type(node).__name__.lower()} %}} is not part of the Jinja subset"
    if not where_macros_may_stand:
        for macro in tree.find_all(nodes.Macro):
            yield macro.lineno, f"macro {macro.name!r} belongs in a file under macros/"
    try:
        undeclared = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as error:  # An unknown filter or test.
        yield error.lineno, error.message or "not valid Jinja"
        return
    unknown = undeclared - CONTEXT_NAMES - set(macro_names)
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            yield name.lineno, f"{name.name!r} is not part of the Jinja subset, and no macro has this name"
