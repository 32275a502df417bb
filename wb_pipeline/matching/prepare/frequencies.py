"""prepared.frequencies: how many live records bear a value. What a frequent value is worth, the model decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# Kind -> where its values stand, as (rows, expression).
_KINDS = {
    **{
        kind: (("contacts", kind),)
        for kind in ("given_root", "family_core", "full_name", "email", "local_letters", "linkedin_slug", "title_key")
    },
    "name_core": (("companies", "name_core"),),
    "name_token": (("companies", "unnest(name_tokens)"),),
    "phone": (("contacts", "unnest(phones)"), ("companies", "unnest(phones)")),
    "domain": (("contacts", "email_domain"), ("companies", "domain")),
}
_CHANGED = """
create or replace temp table changed_counts as
select kind, value, cast(sum(records) as bigint) as records
from (select kind, value, -records as records from ({gone}) union all from ({come}))
group by all
having sum(records) != 0
"""
_NEW = """
create or replace temp table new_counts as
select changed.kind, changed.value, coalesce(known.records, 0) + changed.records as records
from changed_counts as changed
left join prepared.frequencies as known on known.kind = changed.kind and known.value = changed.value
"""
_DELETE = """
delete from prepared.frequencies as known using new_counts as changed
where known.kind = changed.kind and known.value = changed.value
"""


def write_frequencies(con: duckdb.DuckDBPyConnection) -> None:
    """Write prepared.frequencies in full from the prepared tables.

    Grain: (kind, value): kind (`given_root`, `family_core`, `full_name`, `phone`, `email`, `local_letters`,
    `linkedin_slug`, `name_core`, `name_token`, `domain`, `title_key`), value, records (live records that bear it;
    contacts and companies together for phones and domains).
    """
    counts = _counts({"contacts": "prepared.contacts", "companies": "prepared.companies"})
    con.execute(f"create or replace table prepared.frequencies as {counts}")


def change_frequencies(con: duckdb.DuckDBPyConnection, gone: dict[str, str], come: dict[str, str]) -> None:
    """Take the values of the `gone` records out of prepared.frequencies and those of the `come` ones in.

    Both: `contacts` and `companies` -> a table of prepared rows.
    """
    con.execute(_CHANGED.format(gone=_counts(gone), come=_counts(come)))
    con.execute(_NEW)
    con.execute(_DELETE)
    con.execute("insert into prepared.frequencies from new_counts where records > 0")
    con.execute("drop table new_counts")
    con.execute("drop table changed_counts")


def _counts(tables: dict[str, str]) -> str:
    """Return a query of kind, value, records over the live rows of the tables."""
    return " union all ".join(_one_kind(kind, tables) for kind in _KINDS)


def _one_kind(kind: str, tables: dict[str, str]) -> str:
    values = [
        f"select {value} as value from {tables[rows]} where is_live"  # noqa: S608 - names of ours
        for rows, value in _KINDS[kind]
    ]
    return (
        f"select '{kind}' as kind, value, count(*) as records from ({' union all '.join(values)})"  # noqa: S608 - ours
        " where value is not null group by value"
    )
