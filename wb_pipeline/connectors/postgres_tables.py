"""Which table and columns of a Postgres database hold an object of the contract. Reads no record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from wb_pipeline.connectors.writing import KEY_FIELD, CrmRecord, Refused
from wb_pipeline.contract.fields import FIELDS_BY_OBJECT
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psycopg import Connection

    from wb_pipeline.policy.models_crm import Crm

OWN = ("id", "created_at", "updated_at", "archived", "merged_into", "meta", "history")
"""What a record has beside its fields; only `id` has to be there."""

TEXTS = ("text", "varchar", "bpchar")
"""The types of columns that hold a text."""

_COLUMNS = """
select a.attname, t.typname
from pg_catalog.pg_attribute as a
inner join pg_catalog.pg_type as t on t.oid = a.atttypid
where a.attrelid = pg_catalog.to_regclass(%s) and a.attnum > 0 and not a.attisdropped
order by a.attnum
"""


@dataclass(frozen=True, slots=True)
class CrmTable:
    """One object's table. `columns`: contract name -> column; `types`: column -> its type as the catalog names it."""

    object: str
    table: sql.Identifier
    columns: Mapping[str, str]
    types: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Say whether there is a column for a name of the contract."""
        return name in self.columns

    def column(self, name: str) -> sql.Identifier:
        """Return the column for a name of the contract. Raises Refused if there is none."""
        if name not in self.columns:
            raise Refused(f"The table of {self.object} has no column for {name[:80]}.")
        return sql.Identifier(self.columns[name])

    def is_a(self, name: str, *types: str) -> bool:
        """Say whether the column for a name is there and has one of these types."""
        return self.has(name) and self.types[self.columns[name]] in types

    def row(self, fields: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
        """Return fields and what a record has beside them as a row. Raises Refused for what has no place."""
        for name in fields.keys() & set(OWN):
            raise Refused(f"{name} is no field of {self.object}.")
        values = {**fields, **own}
        for name, value in values.items():
            if isinstance(value, dict | list) and self.is_a(name, *TEXTS):
                raise Refused(f"{name[:80]} is a text in the table of {self.object}; a list or section does not fit.")
            self.column(name)
        return {self.columns[name]: value for name, value in values.items()}

    def own(self, row: Mapping[str, Any], name: str) -> Any:
        """Return what a record has beside its fields, None where the table knows no such thing."""
        return row.get(self.columns[name]) if self.has(name) else None

    def fields(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of a row that hold a value."""
        found = {name: row[column] for name, column in self.columns.items() if name not in OWN}
        return {name: value for name, value in found.items() if value is not None}

    def record(self, row: Mapping[str, Any]) -> CrmRecord:
        """Return a row as a record."""
        merged = self.own(row, "merged_into")
        is_archived = bool(self.own(row, "archived"))
        merged_into = None if merged is None else str(merged)
        return CrmRecord(self.object, str(self.own(row, "id")), self.fields(row), is_archived, merged_into)


class Tables:
    """The tables of a CRM, looked up in the catalog when they are asked for first."""

    def __init__(self, connection: Connection[Any], names: Crm) -> None:
        self._connection = connection
        self._names = names
        self._known: dict[str, CrmTable | None] = {}

    def find(self, object_name: str) -> CrmTable | None:
        """Return the table of an object, None if the database has none that holds its id."""
        if object_name not in self._known:
            self._known[object_name] = self._look_up(object_name)
        return self._known[object_name]

    def get(self, object_name: str) -> CrmTable:
        """Return the table of an object. Raises Refused if there is none."""
        found = self.find(object_name)
        if found is None:
            raise Refused(f"The database has no table for {object_name[:80]}.")
        return found

    def all(self) -> Iterator[CrmTable]:
        """Yield the tables that there are."""
        for name in FIELDS_BY_OBJECT:
            if found := self.find(name):
                yield found

    def _look_up(self, object_name: str) -> CrmTable | None:
        given: Mapping[str, str] = {str(name): table for name, table in self._names.tables.items()}
        columns: Mapping[str, Mapping[str, str]] = {str(name): each for name, each in self._names.columns.items()}
        table = sql.Identifier(*given.get(object_name, object_name).split(".", 1))
        types = dict(self._connection.execute(_COLUMNS, [table.as_string(self._connection)]).fetchall())
        named = columns.get(object_name, {})
        self._refuse_unknown(object_name, given, named, types)
        # What the policy names by another name does not also go by its own.
        free = {column: column for column in types if column not in named.values() and column not in named}
        found = {**free, **named}
        made = CrmTable(object_name, table, found, types)
        if made.has(KEY_FIELD) and not made.is_a(KEY_FIELD, *TEXTS):
            raise InputError(f"the column {KEY_FIELD} of {object_name} is no text", hint="make it a text column")
        return made if made.has("id") else None

    def _refuse_unknown(
        self, object_name: str, tables: Mapping[str, str], named: Mapping[str, str], types: Mapping[str, str]
    ) -> None:
        """Raise InputError for a name of the policy that the database does not know: it would hide a field."""
        hint = "correct the section crm of the policy, or let this user see the table"
        if object_name in tables and not types:
            raise InputError(f"the database has no table {tables[object_name]!r} for {object_name}", hint=hint)
        for name, column in named.items():
            if column not in types:
                raise InputError(f"the table of {object_name} has no column {column!r} for {name}", hint=hint)
