"""Runs the YAML cases beside the gates: one harmless change, what the case lays over it, and the gate file alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from wb_pipeline.canonical import canonical_json
from wb_pipeline.sql_project import Model, SqlProject
from wb_pipeline.sql_project.files import read_yaml
from wb_pipeline.sql_project.names import is_identifier

DEFAULTS_FILE = "gate_case_defaults.yml"
OBJECTION_COLUMNS = ["manifest_id", "proposal_id", "change_id", "reason", "details"]
VARIABLES = {"run_id": "run-1"}

_CASE_KEYS = {"name", "given", "rows", "tables", "objects", "reason", "why"}
_HOLDS = {"changes", "one_row", "nothing"}
_TYPES = {"varchar", "boolean", "bigint", "integer", "double", "timestamp", "json"}

Row = Mapping[str, Any]


class CaseError(AssertionError):
    """A case is written wrongly, or a gate does not do what the case says."""


@dataclass(frozen=True)
class StagedRelation:
    """A relation that gates read, with the type and harmless value of each column."""

    name: str
    holds: str
    types: Mapping[str, str]
    values: Row

    @property
    def sql_name(self) -> str:
        """Where it stands in the warehouse: models lie in `main`."""
        return self.name if "." in self.name else f"main.{self.name}"

    def filled(self, overlay: Row) -> Row:
        """Return the harmless row with `overlay` on it; unknown columns are an error."""
        unknown = sorted(set(overlay) - set(self.types))
        if unknown:
            raise CaseError(f"{self.name} has no column {', '.join(unknown)} (see {DEFAULTS_FILE})")
        return {**self.values, **overlay}


@dataclass(frozen=True)
class Case:
    """One case of one gate. `objects` is the set of change ids that the gate has to object to."""

    gate: str
    name: str
    rows: Sequence[Row]
    tables: Mapping[str, Sequence[Row]]
    objects: frozenset[str]
    reason: str | None

    @property
    def id(self) -> str:
        """How pytest names it."""
        return f"{self.gate}-{self.name}"


def read_defaults(folder: Path) -> dict[str, StagedRelation]:
    """Read gate_case_defaults.yml."""
    relations = {}
    for name, entry in read_yaml(folder / DEFAULTS_FILE, DEFAULTS_FILE)["relations"].items():
        types = {column: spec["type"] for column, spec in entry["columns"].items()}
        values = {column: spec["value"] for column, spec in entry["columns"].items()}
        if entry["holds"] not in _HOLDS or not set(types.values()) <= _TYPES or not all(map(is_identifier, types)):
            raise CaseError(f"{DEFAULTS_FILE}: {name} has an unknown `holds`, type or column name")
        relations[name] = StagedRelation(name, entry["holds"], types, values)
    return relations


def read_cases(model: Model) -> list[Case]:
    """Return the cases in a gate's `config.meta.cases`; raises CaseError for one that is written wrongly."""
    cases = [_read_case(model, entry) for entry in model.meta.get("cases") or []]
    names = [case.name for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise CaseError(f"{model.name}: two cases are called {name!r}")
    return cases


def staged_differences(con: duckdb.DuckDBPyConnection, relations: Mapping[str, StagedRelation]) -> list[str]:
    """Say where a real warehouse has other columns or types than the relations that gate cases stage."""
    differences = []
    for relation in relations.values():
        standing = {row[0]: row[1].lower() for row in con.execute(f"describe {relation.sql_name}").fetchall()}
        differences += [
            f"{relation.name}.{column} is {standing.get(column, 'missing')}, staged as {kind}"
            for column, kind in relation.types.items()
            if standing.get(column) != kind
        ]
    return differences


@dataclass
class CaseRunner:
    """A DuckDB in memory in which the relations of the gates stand empty; each case is filled in and rolled back."""

    project: SqlProject
    relations: Mapping[str, StagedRelation]
    con: duckdb.DuckDBPyConnection = field(default_factory=lambda: duckdb.connect(":memory:"))
    _queries: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for relation in self.relations.values():
            self.con.execute(f"create schema if not exists {relation.sql_name.split('.')[0]}")
            columns = ", ".join(f'"{column}" {kind}' for column, kind in relation.types.items())
            self.con.execute(f"create table {relation.sql_name} ({columns})")

    def inputs(self, gate: str) -> list[str]:
        """Return the staged relations that a gate reads, through models that are not staged themselves."""
        model = self.project.models[gate]
        # The attestation's hook refers to the wide table too; only what the file itself reads counts.
        names = [f"{schema}.{table}" for schema, table in model.sources]
        for name in model.depends_on:
            names += [name] if name in self.relations or name not in self.project.models else self.inputs(name)
        missing = sorted(set(names) - set(self.relations))
        if missing:
            raise CaseError(f"{gate} reads {', '.join(missing)}, which {DEFAULTS_FILE} does not describe")
        return sorted(set(names))

    def query(self, gate: str) -> str:
        """Return a gate's SQL, rendered once."""
        if gate not in self._queries:
            self._queries[gate] = self.project.render(gate, VARIABLES)
        return self._queries[gate]

    def columns(self, gate: str) -> list[str]:
        """Return the columns of a gate's result."""
        self._build_between(gate)
        return [row[0] for row in self.con.execute(f"describe {self.query(gate)}").fetchall()]

    def standing_columns(self, name: str) -> dict[str, str]:
        """Return {column: type} of a staged model as its own SQL makes it; empty where it reads what is not staged."""
        model = self.project.models[name]
        read = {*model.depends_on, *(f"{schema}.{table}" for schema, table in model.sources)}
        if not read <= set(self.relations):
            return {}
        return {row[0]: row[1].lower() for row in self.con.execute(f"describe {self.query(name)}").fetchall()}

    def insert(self, name: str, overlay: Row) -> None:
        """Put one row into a staged relation: the harmless one with `overlay` on it."""
        relation = self.relations[name]
        self._insert(relation, relation.filled(overlay))

    def run(self, case: Case) -> None:
        """Run one case; raises CaseError where the gate does not object exactly as the case says."""
        self._build_between(case.gate)
        self.con.begin()
        try:
            staged = list(self._staged_rows(case))
            for relation, row in staged:
                self._insert(relation, row)
            found = self._execute(case.gate)
        finally:
            self.con.rollback()
        # What is known beside a change has its id, but need not name its proposal again.
        changes = [row for relation, row in staged if relation.holds == "changes" and "manifest_id" in row]
        _compare(case, found, {row["change_id"]: row for row in changes})

    def _execute(self, gate: str) -> list[dict[str, Any]]:
        cursor = self.con.execute(self.query(gate))
        names = [column[0] for column in cursor.description or []]
        if names != OBJECTION_COLUMNS:
            raise CaseError(f"{gate} returns {', '.join(names)} instead of {', '.join(OBJECTION_COLUMNS)}")
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for row in rows:
            self._check_details(gate, row["details"])
        return rows

    def _check_details(self, gate: str, details: object) -> None:
        kind = self.con.execute("select json_valid($1) and json_type($1) = 'OBJECT'", [details]).fetchall()[0][0]
        if kind is not True:
            raise CaseError(f"{gate} gives details that are not a JSON object: {details!r}")

    def _build_between(self, gate: str) -> None:
        """Make a view of each model between the staged relations and the gate."""
        for name in self.project.models[gate].depends_on:
            if name not in self.relations and name not in self._queries:
                self._build_between(name)
                self.con.execute(f"create or replace view main.{name} as {self.query(name)}")

    def _staged_rows(self, case: Case) -> Iterator[tuple[StagedRelation, Row]]:
        inputs = [self.relations[name] for name in self.inputs(case.gate)]
        _check_given(case, inputs)
        for relation in inputs:
            if relation.name in case.tables:
                rows = case.tables[relation.name]
            elif relation.holds == "changes":
                rows = [{key: value for key, value in row.items() if key in relation.types} for row in case.rows]
            else:
                rows = [{}] if relation.holds == "one_row" else []
            yield from ((relation, relation.filled(row)) for row in rows)

    def _insert(self, relation: StagedRelation, row: Row) -> None:
        places = ", ".join(f"cast(? as {kind})" for kind in relation.types.values())
        values = [_as_text(row[column]) for column in relation.types]
        self.con.execute(f"insert into {relation.sql_name} values ({places})", values)


def _read_case(model: Model, entry: Mapping[str, Any]) -> Case:
    place = f"{model.name}, case {entry.get('name')!r}"
    unknown = sorted(set(entry) - _CASE_KEYS)
    if unknown or "name" not in entry or "objects" not in entry:
        raise CaseError(f"{place}: a case has name, objects, and given or rows or tables; unknown: {unknown}")
    if "given" in entry and "rows" in entry:
        raise CaseError(f"{place}: `given` is one change, `rows` are several; not both")
    rows: list[Row] = [*_numbered(entry["rows"])] if "rows" in entry else [entry.get("given") or {}]
    given = [str(row.get("change_id", "change-1")) for row in rows]
    objects = entry["objects"]
    expected = frozenset(given if objects is True else [] if objects is False else map(str, objects))
    if not expected <= set(given):
        raise CaseError(f"{place}: objects names changes that are not in its rows")
    if bool(expected) != ("reason" in entry):
        raise CaseError(f"{place}: `reason` is needed where the gate objects, and only there")
    return Case(model.name, str(entry["name"]), rows, entry.get("tables") or {}, expected, entry.get("reason"))


def _numbered(rows: Sequence[Row]) -> Iterator[Row]:
    """Give each row a change id of its own; they are changes of one proposal unless they say otherwise."""
    for number, row in enumerate(rows, 1):
        yield {"change_id": f"change-{number}", **row}


def _check_given(case: Case, inputs: Sequence[StagedRelation]) -> None:
    known = {column for relation in inputs if relation.holds == "changes" for column in relation.types}
    unknown = sorted({key for row in case.rows for key in row} - known)
    unread = sorted(set(case.tables) - {relation.name for relation in inputs})
    if unknown or unread:
        raise CaseError(f"{case.id}: the gate reads nothing called {', '.join(unknown + unread)}")


def _compare(case: Case, found: Sequence[Mapping[str, Any]], given: Mapping[str, Row]) -> None:
    objected = sorted(row["change_id"] for row in found)
    if objected != sorted(case.objects):
        raise CaseError(f"{case.id}: objects to {objected or 'nothing'}, wanted {sorted(case.objects) or 'nothing'}")
    for row in found:
        change = given[row["change_id"]]
        if row["reason"] != case.reason:
            raise CaseError(f"{case.id}: reason is {row['reason']!r}, wanted {case.reason!r}")
        if (row["manifest_id"], row["proposal_id"]) != (change["manifest_id"], change["proposal_id"]):
            raise CaseError(f"{case.id}: the objection names another manifest or proposal than its change has")


def _as_text(value: object) -> object:
    return canonical_json(value) if isinstance(value, dict | list) else value
