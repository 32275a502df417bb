"""A CRM in Postgres that can be written: many calls in one transaction, each answered by itself (SYN-1 to SYN-4).

What a call does to rows is in `postgres_calls`, which table is meant in `postgres_tables`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from wb_pipeline.connectors.postgres_calls import Deeds
from wb_pipeline.connectors.postgres_columns import require_columns
from wb_pipeline.connectors.postgres_search import search_query
from wb_pipeline.connectors.postgres_session import as_answer, connect, database_name, is_lost, plain_errors
from wb_pipeline.connectors.postgres_tables import CrmTable, Tables
from wb_pipeline.connectors.search_keys import holds
from wb_pipeline.connectors.writing import (
    KEY_FIELD,
    CrmAnswer,
    CrmCall,
    CrmError,
    CrmRecord,
    OutcomeUnknown,
    Refused,
    Unavailable,
)
from wb_pipeline.errors import InputError
from wb_pipeline.policy.models_crm import CONTRACT_NAMES, Crm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import Connection

    from wb_pipeline.connectors.search_keys import FieldKeys

BATCH_SIZE = 200
LOCK_SECONDS, STATEMENT_SECONDS, IDLE_SECONDS, BATCH_SECONDS = 1.0, 5.0, 5.0, 5.0

_BEGIN = sql.SQL(
    "begin isolation level read committed read write;"
    "set local lock_timeout = {lock}; set local statement_timeout = {statement};"
    # A transaction whose client is gone ends by itself: a commit that comes later finds nothing to commit.
    "set local idle_in_transaction_session_timeout = {idle};"
    # What breaks a rule says so at its own call, not at the end for all of them.
    "set constraints all immediate"
)
_READ = sql.SQL(
    "select to_jsonb(t) from {table} as t where t.{id} in"
    " (select r.{id} from jsonb_populate_recordset(null::{table}, %s) as r)"
)
_FIND = sql.SQL("select t.{key}, t.{id}::text from {table} as t where t.{key} = any(%s)")


class WritablePostgres:
    """The CRM that lies in a Postgres database. Implements WritableCrm; for one thread at a time.

    A lost connection is opened anew by the next call.
    """

    # A batch, its last statement, and the time after which the server gives up a transaction that nobody ends.
    settle_seconds = BATCH_SECONDS + STATEMENT_SECONDS + IDLE_SECONDS + 5.0
    batch_size = BATCH_SIZE

    def __init__(self, url: str, names: Crm = CONTRACT_NAMES, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.name = database_name(url)
        self._url = url
        self._names = names
        self._limits = {"lock": lock_seconds, "statement": STATEMENT_SECONDS, "idle": IDLE_SECONDS}
        self._connection: Connection[Any] = connect(url)
        self._tables = Tables(self._connection, names)

    def require_columns(self) -> None:
        """Raise InputError, with the SQL that mends it, where a table lacks a column that writes need."""
        with plain_errors():
            require_columns(self._tables, self._connection)

    def read(self, object_name: str, record_ids: Sequence[str]) -> dict[str, CrmRecord]:
        """Return the records that there are, archived ones too."""
        self._reconnect()
        with plain_errors():
            table = self._tables.find(object_name)
            if table is None:
                return {}
            wanted = set(record_ids)
            found = (table.record(row) for row in self._rows(table, sorted(wanted)))
            return {record.record_id: record for record in found if record.record_id in wanted}

    def find_by_key(self, object_name: str, keys: Sequence[str]) -> dict[str, str]:
        """Return the ids of the records whose KEY_FIELD holds one of these keys."""
        self._reconnect()
        with plain_errors():
            table = self._tables.find(object_name)
            if table is None or not table.has(KEY_FIELD):
                return {}
            query = _FIND.format(table=table.table, key=table.column(KEY_FIELD), id=table.column("id"))
            return dict(self._connection.execute(query, [list(keys)]).fetchall())

    def find_by_fields(self, object_name: str, wanted: FieldKeys) -> list[CrmRecord]:
        """Return the records that are not archived and hold one of the keys in its field."""
        self._reconnect()
        with plain_errors():
            table = self._tables.find(object_name)
            query = search_query(table, wanted) if table else None
            if table is None or query is None:
                return []
            found = (table.record(row) for (row,) in self._connection.execute(*query).fetchall())
            return [record for record in found if not record.is_archived and holds(record.fields, wanted)]

    def write_many(self, calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        """Carry out calls in one transaction, each behind a savepoint of its own."""
        try:
            self._reconnect()
            self._begin()
            answers = self._carry_out(calls)
        except (CrmError, psycopg.Error) as error:
            # Nothing was committed, and the server takes back what a broken connection leaves.
            self._close()
            failed = error if isinstance(error, CrmError) else as_answer(error)
            return [failed] * len(calls)
        except BaseException:
            self._close()
            raise
        return self._committed(answers)

    def close(self) -> None:
        """Give the connection back."""
        self._close()

    def _carry_out(self, calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        end = time.monotonic() + BATCH_SECONDS
        deeds = Deeds(self._connection, self._tables)
        self._lock_what_is_free(deeds, calls)
        late = "The database was too slow for this batch; this call was not sent."
        # Savepoints travel with the statement that they are for, not one by one: a third of the way and back.
        with self._connection.pipeline():
            return [self._carry_out_one(deeds, call) if time.monotonic() < end else Unavailable(late) for call in calls]

    def _lock_what_is_free(self, deeds: Deeds, calls: Sequence[CrmCall]) -> None:
        """Only a shortcut: what cannot be read together is read, and answered, one by one."""
        try:
            with self._connection.transaction():
                deeds.lock_what_is_free(calls)
        except psycopg.Error as error:
            if is_lost(error, self._connection):
                raise

    def _carry_out_one(self, deeds: Deeds, call: CrmCall) -> CrmAnswer | CrmError:
        try:
            with self._connection.transaction():
                return deeds.carry_out(call)
        except CrmError as error:
            return error
        except psycopg.Error as error:
            if is_lost(error, self._connection):
                raise
            return as_answer(error)
        except (ValueError, TypeError, RecursionError):
            return Refused("A value cannot be kept as JSON.")

    def _committed(self, answers: list[CrmAnswer | CrmError]) -> list[CrmAnswer | CrmError]:
        failed: CrmError
        try:
            if self._connection.execute("commit").statusmessage == "COMMIT":
                return answers
            failed = Unavailable("The database took everything back.")
        except psycopg.Error as error:
            unknown = OutcomeUnknown("The connection broke while the writes were committed.")
            failed = unknown if is_lost(error, self._connection) else as_answer(error)
        except BaseException:
            self._close()
            raise
        self._close()
        return [answer if isinstance(answer, CrmError) else failed for answer in answers]

    def _rows(self, table: CrmTable, record_ids: Sequence[str]) -> Iterable[dict[str, Any]]:
        query = _READ.format(table=table.table, id=table.column("id"))
        wanted = [{table.columns["id"]: record_id} for record_id in record_ids]
        try:
            return [row for (row,) in self._connection.execute(query, [Jsonb(wanted)]).fetchall()]
        except psycopg.DataError:
            # One of them is no id of this table: it is not there, the others may be.
            if len(record_ids) <= 1:
                return []
            return [row for record_id in record_ids for row in self._rows(table, [record_id])]

    def _begin(self) -> None:
        limits = {name: sql.Literal(f"{round(seconds * 1_000)}ms") for name, seconds in self._limits.items()}
        self._connection.execute(_BEGIN.format(**limits))

    def _reconnect(self) -> None:
        if self._connection.closed:
            try:
                self._connection = connect(self._url)
            except InputError as error:
                raise Unavailable(error.message) from error
            self._tables = Tables(self._connection, self._names)

    def _close(self) -> None:
        self._connection.close()
