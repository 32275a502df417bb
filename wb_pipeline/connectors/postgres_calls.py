"""What a call does to the rows of a CRM in Postgres, inside a transaction that is somebody else's to end.

The same meaning as `files_calls`; the statements are in `postgres_statements`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from wb_pipeline.canonical import text_hash
from wb_pipeline.connectors.files_calls import REFERENCES
from wb_pipeline.connectors.postgres_statements import (
    BY_KEY,
    LOCK,
    LOCK_FREE,
    Change,
    Row,
    insert_statement,
    is_same,
    pointing_statement,
    refuse_other_numbers,
    update_statement,
)
from wb_pipeline.connectors.postgres_tables import TEXTS, CrmTable, Tables
from wb_pipeline.connectors.writing import KEY_FIELD, Conflict, CrmAnswer, CrmCall, Refused

_ID_CHARACTERS = 20
_ONE_CREATE = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"


class Deeds:
    """Carries out calls in the transaction of a connection. Rows that are known here are locked by it."""

    def __init__(self, connection: psycopg.Connection[Any], tables: Tables) -> None:
        self._connection = connection
        self._tables = tables
        self._known: dict[tuple[str, str], Row] = {}

    def lock_what_is_free(self, calls: Sequence[CrmCall]) -> None:
        """Lock and read the records of updates at once; those that somebody else holds are waited for one by one."""
        wanted: dict[str, list[str]] = defaultdict(list)
        locked: dict[tuple[str, str], Row] = {}
        for call in calls:
            if call.action == "update" and call.record_id:
                wanted[call.object].append(call.record_id)
        for name, ids in wanted.items():
            if table := self._tables.find(name):
                rows = [{table.columns["id"]: record_id} for record_id in sorted(set(ids))]
                query = LOCK_FREE.format(table=table.table, id=table.column("id"))
                for (row,) in self._connection.execute(query, [Jsonb(rows)]).fetchall():
                    locked[name, str(table.own(row, "id"))] = row
        self._known |= locked

    def carry_out(self, call: CrmCall) -> CrmAnswer:
        """Do what one call asks for. Raises CrmError or psycopg.Error: then the savepoint around it has to go."""
        try:
            return _DEEDS[call.action](self, call)
        except BaseException:
            for record_id in (call.record_id, call.loser_id):
                self._known.pop((call.object, record_id or ""), None)
            raise

    def update(self, call: CrmCall) -> CrmAnswer:
        """Write fields of one record."""
        table, row = self._live(call.object, call.record_id)
        if _is_done(table, row, call):
            return CrmAnswer(call.record_id or "", "was written before")
        self._write(table, row, Change(call, call.fields, call.expected))
        return CrmAnswer(call.record_id or "", "written")

    def archive(self, call: CrmCall) -> CrmAnswer:
        """Archive one record."""
        table, row = self._any(call.object, call.record_id)
        if _is_done(table, row, call):
            return CrmAnswer(call.record_id or "", "was archived before")
        table, row = self._live(call.object, call.record_id)
        self._write(table, row, Change(call, call.fields, call.expected, own={"archived": True}))
        return CrmAnswer(call.record_id or "", "archived")

    def create(self, call: CrmCall) -> CrmAnswer:
        """Make one record, once for its key, also when two ask at the same time."""
        table = self._tables.get(call.object)
        self._connection.execute(_ONE_CREATE, [call.key])
        query = BY_KEY.format(table=table.table, key=table.column(KEY_FIELD))
        earlier = self._connection.execute(query, [call.key]).fetchone()
        given = _made_id(table, call)
        if earlier is None and given is not None:
            # The id is made from the key: a record that has it is this one, whatever was written into it since.
            found = self._locked(table, str(given))
            earlier = None if found is None else (found,)
        if earlier:
            return CrmAnswer(str(table.own(earlier[0], "id")), "was created before")
        row = self._insert(table, call, given)
        return CrmAnswer(str(table.own(row, "id")), "created")

    def merge(self, call: CrmCall) -> CrmAnswer:
        """Let one record go on as another, and what pointed to it point there."""
        survivor_id, loser_id = call.record_id or "", call.loser_id or ""
        # In the order of ids: two merges the other way round do not wait for each other.
        for record_id in sorted((survivor_id, loser_id)):
            self._locked(self._tables.get(call.object), record_id)
        table, survivor = self._live(call.object, survivor_id)
        if _is_done(table, survivor, call):
            return CrmAnswer(survivor_id, "was merged before")
        if loser_id == survivor_id:
            raise Refused("A record cannot be merged into itself.")
        _, loser = self._live(call.object, loser_id)
        self._write(table, survivor, Change(call, call.fields, call.expected))
        gone = {"archived": True, "merged_into": survivor_id}
        self._write(table, loser, Change(call, {}, own=gone, is_keyed=False))
        moved = sum(self._point_to(each, call) for each in self._tables.all())
        return CrmAnswer(survivor_id, f"merged; {moved} references moved")

    def _point_to(self, table: CrmTable, call: CrmCall) -> int:
        moved: set[str] = set()
        for name in REFERENCES.get(call.object, ()):
            if not table.has(name):
                continue
            query = pointing_statement(table, name)
            loser = Jsonb({table.columns[name]: call.loser_id})
            for (row,) in self._connection.execute(query, [loser]).fetchall():
                self._write(table, row, Change(call, {name: call.record_id}, is_keyed=False))
                moved.add(str(table.own(row, "id")))
        return len(moved)

    def _any(self, object_name: str, record_id: str | None) -> tuple[CrmTable, Row]:
        table = self._tables.get(object_name)
        row = self._locked(table, record_id or "")
        if row is None:
            raise Refused(f"There is no {object_name} {record_id}.")
        return table, row

    def _live(self, object_name: str, record_id: str | None) -> tuple[CrmTable, Row]:
        table, row = self._any(object_name, record_id)
        if table.own(row, "archived"):
            merged = table.own(row, "merged_into")
            became = f"was merged into {merged}" if merged else "was archived"
            raise Conflict(f"The {object_name} {record_id} {became}.")
        return table, row

    def _locked(self, table: CrmTable, record_id: str) -> Row | None:
        place = (table.object, record_id)
        if place not in self._known:
            query = LOCK.format(table=table.table, id=table.column("id"))
            found = self._connection.execute(query, [Jsonb({table.columns["id"]: record_id})]).fetchone()
            # A number may be written in several ways, an id may not.
            if found is None or str(table.own(found[0], "id")) != record_id:
                return None
            self._known[place] = found[0]
        return self._known[place]

    def _write(self, table: CrmTable, row: Row, change: Change) -> None:
        """Write one row. Raises Conflict if what was expected does not stand, Refused where a number is rounded."""
        query, parameters = update_statement(table, row, change)
        found = self._connection.execute(query, parameters).fetchone()
        if found is None:
            standing, expected = table.fields(row), change.expected.items()
            held = [name for name, value in expected if not is_same(standing.get(name), value)]
            named = ", ".join(held)[:200] or "A field"
            raise Conflict(f"{named} does not hold any more what it held when the change was decided.")
        refuse_other_numbers(table, change.fields, found[0])
        self._known[table.object, str(table.own(row, "id"))] = found[0]

    def _insert(self, table: CrmTable, call: CrmCall, record_id: str | UUID | None) -> Row:
        query, parameters = insert_statement(table, call, None if record_id is None else str(record_id))
        made = self._connection.execute(query, parameters).fetchone()
        if made is None:
            raise Refused("The database took no row: a trigger or a rule of its own is in the way.")
        refuse_other_numbers(table, call.fields, made[0])
        return dict(made[0])


_DEEDS = {
    "update": Deeds.update,
    "create": Deeds.create,
    "enroll": Deeds.create,
    "archive": Deeds.archive,
    "merge": Deeds.merge,
}


def _is_done(table: CrmTable, row: Row, call: CrmCall) -> bool:
    return bool(table.fields(row).get(KEY_FIELD) == call.key)


def _made_id(table: CrmTable, call: CrmCall) -> str | UUID | None:
    """Return the id of a record to be made, None where the database gives it a number."""
    digest = text_hash(call.key)
    if table.is_a("id", "uuid"):
        return UUID(digest[:32])
    if table.is_a("id", *TEXTS):
        return f"{call.object}-{digest[:_ID_CHARACTERS]}"
    return None
