"""Names and values that may stand in SQL text: relations, variables, and the error that says where a bad one is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wb_pipeline.errors import WbError

DEFAULT_SCHEMA = "main"

Variables = Mapping[str, str | int | bool]

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,99}")
# What our own code may put into a statement: run ids, hashes, keys. No quote, no space, no semicolon.
_VARIABLE_TEXT = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_.:-]{0,199})?")


class SqlProjectError(WbError):
    """The SQL folder cannot be used as it stands. The message names the file and, where there is one, the line."""


@dataclass(frozen=True)
class Relation:
    """A table or view as it is written in SQL: `schema.identifier`."""

    schema: str
    identifier: str

    @property
    def name(self) -> str:
        """The same as `identifier`; dbt has both."""
        return self.identifier

    def __str__(self) -> str:
        return f"{self.schema}.{self.identifier}"


def is_identifier(text: object) -> bool:
    """Tell whether a text may be used as a name in SQL without quoting."""
    return isinstance(text, str) and _IDENTIFIER.fullmatch(text) is not None


def check_variables(given: Variables, declared: Variables) -> dict[str, str | int | bool]:
    """Return declared defaults overlaid with `given`.

    Raises SqlProjectError for an undeclared name (a typo would quietly mean the default) and for text that could be
    more than a literal.
    """
    for name, value in given.items():
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none"
            raise SqlProjectError(f"Variable {name!r} is not declared in dbt_project.yml (declared: {known}).")
        if _VARIABLE_TEXT.fullmatch(str(value)) is None:
            raise SqlProjectError(
                f"Variable {name!r} holds text that may not stand in SQL: {str(value)[:80]!r}.",
                hint="Only letters, digits and _ . : - are allowed, up to 200 characters.",
            )
    return {**declared, **given}
