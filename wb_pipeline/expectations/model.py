"""What an expectation asks and what came of it: plain frozen data. No Great Expectations and no SQL is run here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["not_null", "between", "in_set", "unique", "row_count"]


@dataclass(frozen=True, slots=True)
class Expectation:
    """One question to Great Expectations about one column.

    `name` is a sentence in snake case, unique in its suite. `only_where` names a boolean fact: only its true rows are
    asked about. `gate` is set where failing rows become objections. `guards` is set on a companion question that
    keeps that gate from passing in silence: when it fails, the gate is broken.
    """

    name: str
    kind: Kind
    column: str = ""
    gate: str | None = None
    only_where: str = ""
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[bool | float | str, ...] = ()
    guards: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectationOutcome:
    """What one expectation found: rows it looked at, rows that failed, and the ids of all that failed."""

    suite: str
    expectation: str
    column_name: str
    success: bool
    evaluated: int
    unexpected: int
    unexpected_ids: tuple[str, ...]
    gate: str | None


@dataclass(frozen=True, slots=True)
class JudgedTable:
    """A table of facts that SQL makes and one suite tests.

    `facts_sql` gives one row per thing judged, with `id_column` first; `count_sql` counts the same things by another
    way, so that a join that loses or repeats rows cannot hide. Both take named parameters ($name).
    """

    suite: str
    grain: str
    id_column: str
    facts_sql: str
    count_sql: str
    expectations: tuple[Expectation, ...]


def fact_is(column: str, *, wanted: bool, name: str, gate: str | None = None, only_where: str = "") -> Expectation:
    """Expect a boolean fact to be `wanted` on every row."""
    return Expectation(name=name, kind="in_set", column=column, allowed=(wanted,), gate=gate, only_where=only_where)
