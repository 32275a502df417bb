"""What people call each gate: the words of the specs beside SQL gates and expectation gates. No verdicts here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from wb_pipeline.errors import GateBrokenError
from wb_pipeline.sql_project.files import read_meta, read_properties, read_yaml

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.sql_project.project import SqlProject

EXPECTATION_GATES = "expectation_gates"
# A name is also a file name, and comes from sealed decisions: nothing else is looked for.
_GATE = re.compile(r"gate_[a-z]+__[a-z_]+")


@dataclass(frozen=True)
class GateWords:
    """One gate for a reader: why it exists, what it says of a change it stops, what would let that change pass."""

    gate: str
    judged_by: str
    description: str
    guardrails: tuple[str, ...]
    says: str
    to_pass: str

    @property
    def family(self) -> str:
        """The part of the name between `gate_` and the double underscore."""
        return self.gate.removeprefix("gate_").split("__")[0]


def gate_catalog(project: SqlProject) -> list[GateWords]:
    """Return every gate's words by name. Raises GateBrokenError for a gate without them."""
    return sorted([*_sql_gates(project), *_expectation_gates(project.folder)], key=lambda gate: gate.gate)


def says_of(folder: Path, gates: Iterable[str]) -> dict[str, str]:
    """Return {gate: what it says} of a few gates, reading their specs alone; a name without a spec is missing.

    An answer about one record names a handful: reading the whole project takes most of a second.
    """
    found = {}
    for gate in sorted({each for each in gates if _GATE.fullmatch(each)}):
        sql, expectation = folder / "models" / "gates" / f"{gate}.yml", folder / EXPECTATION_GATES / f"{gate}.yml"
        if sql.is_file():
            entry = read_properties(sql, sql.name).models.get(gate) or {}
            found[gate] = str(read_meta(entry).get("says", ""))
        elif expectation.is_file():
            found[gate] = str(read_yaml(expectation, expectation.name).get("says", ""))
    return found


def write_gate_catalog(con: duckdb.DuckDBPyConnection, project: SqlProject) -> int:
    """Replace checks.gate_catalog (grain: gate) and return its number of rows."""
    con.execute("create schema if not exists checks")
    con.execute(
        "create or replace table checks.gate_catalog (gate varchar, family varchar, says varchar, to_pass varchar)"
    )
    rows = [(gate.gate, gate.family, gate.says, gate.to_pass) for gate in gate_catalog(project)]
    con.executemany("insert into checks.gate_catalog values (?, ?, ?, ?)", rows)
    return len(rows)


def _sql_gates(project: SqlProject) -> Iterator[GateWords]:
    for model in project.models.values():
        if model.is_gate:
            description = model.description.removeprefix("Grain: objection. ")
            yield _words(model.name, "SQL", {"description": description, **model.meta})


def _expectation_gates(folder: Path) -> Iterator[GateWords]:
    yaml = YAML(typ="safe")
    for path in sorted((folder / EXPECTATION_GATES).glob("*.yml")):
        yield _words(path.stem, "Great Expectations", yaml.load(path))


def _words(name: str, judged_by: str, spec: dict[str, Any]) -> GateWords:
    try:
        guardrails = tuple(str(each) for each in spec["guardrails"])
        return GateWords(name, judged_by, str(spec["description"]).strip(), guardrails, spec["says"], spec["to_pass"])
    except KeyError as error:
        raise GateBrokenError(
            f"{name}: its spec lacks {error}", hint="every gate says why, what it says and what would pass"
        ) from error
