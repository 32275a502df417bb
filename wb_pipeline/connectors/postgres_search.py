"""The query that finds rows of a CRM in Postgres by the values of key fields. Nothing is executed here.

The database narrows down, by expressions that can have an index; which row really holds a key is for `search_keys` to
say. Every identifier goes through psycopg.sql, every value is a parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import idna
from psycopg import sql

from wb_pipeline.connectors.postgres_tables import TEXTS, CrmTable
from wb_pipeline.connectors.search_keys import KINDS, FieldKeys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIND = sql.SQL("select to_jsonb(t) from {table} as t where ({any_field}){live}")
_IN_TEXT = sql.SQL("{text} = any(%s)")
# A list, a number, a type of its own: each of its items as a text.
_IN_OTHER = sql.SQL(
    "exists (select 1 from jsonb_array_elements_text(case jsonb_typeof(to_jsonb({column}))"
    " when 'array' then to_jsonb({column}) else jsonb_build_array(to_jsonb({column})) end) as item (value)"
    " where {text} = any(%s))"
)
_PLAIN = r"lower(btrim(regexp_replace(normalize({0}, NFKC), '\s+', ' ', 'g')))"
_HOST = (
    rf"regexp_replace(regexp_replace(regexp_replace({_PLAIN},"
    r" '^([a-z][a-z0-9+.-]*://([^/?#]*@)?|[^/]*@)', ''), '\.?([:/?#].*)?$', ''), '^(www\.)+(?=[^.]+\.)', '')"
)
EXPRESSIONS: dict[str, str] = {
    "email": _PLAIN,
    "domain": _HOST,
    "external_id": _PLAIN,
    "vendor_id": rf"btrim({_PLAIN}, '<> ')",
    "record_id": "{0}",
}
"""How a value of each kind is written for comparing; these very expressions are worth an index."""


def search_query(table: CrmTable, wanted: FieldKeys) -> tuple[sql.Composed, list[Any]] | None:
    """Return the query for rows that may hold one of the keys, None where no column could."""
    fields = {name: keys for name, keys in wanted.items() if keys and table.has(name)}
    if not fields:
        return None
    live = sql.Composed([])
    if table.has("archived"):
        live = sql.SQL(" and t.{} is not true").format(table.column("archived"))
    any_field = sql.SQL(" or ").join(_holds(table, name) for name in fields)
    query = _FIND.format(table=table.table, any_field=any_field, live=live)
    return query, [sorted(set(_spellings(KINDS[name], keys))) for name, keys in fields.items()]


def _holds(table: CrmTable, name: str) -> sql.Composed:
    column = sql.SQL("t.{}").format(table.column(name))
    expression = sql.SQL(EXPRESSIONS[KINDS[name]])
    if table.is_a(name, *TEXTS):
        return _IN_TEXT.format(text=expression.format(column))
    return _IN_OTHER.format(column=column, text=expression.format(sql.SQL("item.value")))


def _spellings(kind: str, keys: Iterable[str]) -> Iterator[str]:
    """Yield what a key may look like in the database: the expressions know neither punycode nor capitals."""
    for key in keys:
        yield key if kind == "record_id" else key.lower()
        if "xn--" in key and kind in ("email", "domain"):
            before, at, host = key.rpartition("@")
            yield f"{before}{at}{_unicode_host(host)}"


def _unicode_host(host: str) -> str:
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host
