"""Pulls the CRM records of one moment from a Postgres database. What their rows mean is contract/."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
from psycopg import sql

from wb_pipeline.connectors.base import PULLED_SCHEMAS, Pull
from wb_pipeline.connectors.postgres_session import connect, database_name, first_line
from wb_pipeline.connectors.postgres_tables import CrmTable, Tables
from wb_pipeline.contract.collector_pause import collector_paused
from wb_pipeline.contract.crm_rows import CrmRows
from wb_pipeline.contract.reasons import reasons_json
from wb_pipeline.contract.tables import REJECTED_ROWS, TableBuilder
from wb_pipeline.errors import InputError
from wb_pipeline.policy.models_crm import CONTRACT_NAMES, Crm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psycopg import Connection

_AT_ONCE = 5_000
_FILE_NAME = pa.field("file_name", pa.string())
_ROWS = sql.SQL("select to_jsonb(t) from {table} as t order by t.{id}")
_ONE_MOMENT = "begin isolation level repeatable read read only"


class PostgresConnector:
    """The CRM that lies in a Postgres database. Implements CrmConnector."""

    def __init__(self, url: str, names: Crm = CONTRACT_NAMES) -> None:
        self.name = database_name(url)
        self._url = url
        self._names = names

    def pull_crm(self) -> Pull:
        """Return every record as of one moment. Raises InputError when the database cannot be read."""
        try:
            with connect(self._url) as connection:
                connection.execute(_ONE_MOMENT)
                return self._pull(connection, list(Tables(connection, self._names).all()))
        except psycopg.Error as error:
            message = f"the CRM's database cannot be read: {first_line(error)}"
            raise InputError(message, hint="may this user read the tables that the policy names?") from error

    def _pull(self, connection: Connection[Any], found: list[CrmTable]) -> Pull:
        rejected, notices, tables = TableBuilder(REJECTED_ROWS), Counter[str](), []
        for table in found:
            rows = CrmRows()
            with collector_paused():
                for number, row in enumerate(_rows(connection, table), start=1):
                    if reasons := rows.take(number, _mapping(table, row)):
                        rejected.add(("crm", table.object, number, reasons_json(reasons)))
            made = rows.table()
            tables.append(made.append_column(_FILE_NAME, pa.repeat(table.object, len(made))))
            notices.update(rows.notices)
        if not any(len(table) for table in tables):
            notices[f"no CRM records were found in {self.name}"] += 1
        pulled = pa.concat_tables(tables) if tables else PULLED_SCHEMAS["crm"].empty_table()
        return Pull("crm", pulled, rejected.table(), dict(notices))


def _rows(connection: Connection[Any], table: CrmTable) -> Iterator[dict[str, Any]]:
    """Yield rows as they come: a CRM may be larger than memory."""
    with connection.cursor("wb_pull") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(_ROWS.format(table=table.table, id=table.column("id")))
        for (row,) in cursor:
            yield row


def _mapping(table: CrmTable, row: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: table.own(row, name) for name in ("created_at", "updated_at", "archived", "meta", "history")}
    merged = table.own(row, "merged_into")
    return {
        "object": table.object,
        "id": str(table.own(row, "id")),
        "fields": table.fields(row),
        "merged_into": None if merged is None else str(merged),
    } | own
