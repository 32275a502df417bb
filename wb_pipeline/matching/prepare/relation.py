"""Any relation of records in comparable form: CRM records and proposals' payloads take the same road."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wb_pipeline.matching.prepare.companies import write_companies
from wb_pipeline.matching.prepare.contacts import write_contacts
from wb_pipeline.matching.prepare.field_names import FieldNames
from wb_pipeline.matching.prepare.raw_values import write_raw_values

if TYPE_CHECKING:
    import duckdb

Kind = Literal["contact", "company"]
TABLES: dict[Kind, str] = {"contact": "contacts", "company": "companies"}
"""Kind -> its table in the schema `prepared`."""
_LENT = ("given_names", "phone_codes", "phone_regions", "role_names", "top_levels")
_LEFT_OVER = "select table_name from duckdb_tables() where temporary and starts_with(table_name, 'preparing_')"


def prepare_relation(
    con: duckdb.DuckDBPyConnection,
    source: str,
    *,
    into: str,
    object: Kind,  # noqa: A002 - the contract's word
    fields: FieldNames | None = None,
) -> None:
    """Write the table `into` (replaced) with the records of `source` prepared.

    `source`: a table or a query with record_id, object, fields (JSON text), is_live and, if known, created_at and
    updated_at. `into`: `temp.x` is a temporary table. `object`: `contact` takes contacts and leads, `company`
    companies; other objects are left out. `fields`: the CRM's own field names. Grain: record. Columns: those of
    prepared.contacts or prepared.companies, as docs/matching.md describes them.
    """
    query = source if source.strip().lower().startswith(("select", "from", "with")) else f"from {source}"
    write_raw_values(con, query, object, fields)
    create = f"create or replace {'temp ' if into.startswith('temp.') else ''}table {into}"
    (write_contacts if object == "contact" else write_companies)(con, create)
    for name in _LENT:
        con.unregister(name)
    for (name,) in con.execute(_LEFT_OVER).fetchall():
        con.execute(f"drop table {name}")
