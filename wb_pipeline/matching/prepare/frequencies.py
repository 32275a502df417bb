"""prepared.frequencies: how many live records bear a value. What a frequent value is worth, the model decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_CONTACT_KINDS = ("given_root", "family_core", "full_name", "email", "local_letters", "linkedin_slug", "title_key")
_COMPANY_KINDS = ("name_core",)
_LISTS = {"contacts": {"phone": "phones"}, "companies": {"phone": "phones", "name_token": "name_tokens"}}
_OWN_DOMAIN = {"contacts": "email_domain", "companies": "domain"}


def write_frequencies(con: duckdb.DuckDBPyConnection) -> None:
    """Write prepared.frequencies in full from the prepared tables.

    Grain: (kind, value): kind (`given_root`, `family_core`, `full_name`, `phone`, `email`, `local_letters`,
    `linkedin_slug`, `name_core`, `name_token`, `domain`, `title_key`), value, records (live records that bear it;
    a domain's contacts and companies together).
    """
    counted = _counted("prepared.contacts", "contacts", 1), _counted("prepared.companies", "companies", 1)
    con.execute(f"create or replace table prepared.frequencies as {_summed(' union all '.join(counted))}")


def change_frequencies(con: duckdb.DuckDBPyConnection, gone: dict[str, str], come: dict[str, str]) -> None:
    """Take the values of the `gone` records out of prepared.frequencies and those of the `come` ones in.

    Both: `contacts` and `companies` -> a query of prepared rows.
    """
    parts = [_counted(f"({query})", name, -1) for name, query in gone.items()]
    parts += [_counted(f"({query})", name, 1) for name, query in come.items()]
    con.execute(f"create or replace temp table changed_counts as {_summed(' union all '.join(parts), keep_all=True)}")
    con.execute("""
        create or replace temp table new_counts as
        select kind, value, coalesce(known.records, 0) + changed.records as records
        from changed_counts as changed
        left join prepared.frequencies as known using (kind, value)
        where changed.records != 0
    """)
    con.execute("delete from prepared.frequencies where (kind, value) in (select (kind, value) from new_counts)")
    con.execute("insert into prepared.frequencies from new_counts where records > 0")
    con.execute("drop table new_counts")
    con.execute("drop table changed_counts")


def _counted(source: str, name: str, sign: int) -> str:
    kinds = [(kind, kind) for kind in (_CONTACT_KINDS if name == "contacts" else _COMPANY_KINDS)]
    kinds.append(("domain", _OWN_DOMAIN[name]))
    single = [_one_kind(source, kind, column, sign) for kind, column in kinds]
    lists = [_one_kind(source, kind, f"unnest({column})", sign) for kind, column in _LISTS[name].items()]
    return " union all ".join(single + lists)


def _one_kind(source: str, kind: str, value: str, sign: int) -> str:
    return (
        f"select '{kind}' as kind, value, {sign} * count(*) as records "  # noqa: S608 - names of ours
        f"from (select {value} as value from {source} as rows where is_live) where value is not null group by value"
    )


def _summed(parts: str, *, keep_all: bool = False) -> str:
    having = "" if keep_all else " having sum(records) > 0"
    return f"select kind, value, cast(sum(records) as bigint) as records from ({parts}) group by all{having}"  # noqa: S608
