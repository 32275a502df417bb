"""matching.frequencies: how many records of the CRM carry a value. Common values tell little (term frequencies).

Counted once per prepared CRM, over the bases (`matching.inputs`), and used for every comparison with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.matching.inputs import COUNTED

if TYPE_CHECKING:
    import duckdb

# By what two carriers of one value are told apart: family members share a phone, branches a domain.
_TOLD_APART = {("contact", "email"): "full_name", ("company", "org"): "city"}
_NAME = {"contact": "family_core", "company": "name_head"}


def write_frequencies(con: duckdb.DuckDBPyConnection) -> None:
    """Replace matching.frequencies (grain: kind, value): records that carry it, `names` = different names among them.

    Kinds are `<object>.<column>`; `contact.phone` and `company.phone` count each phone of a record once.
    """
    con.execute(
        "create or replace table matching.frequencies (kind varchar, value varchar, records bigint, names bigint)"
    )
    for object_name, columns in COUNTED.items():
        base = f"matching.{object_name}_base"
        for column in columns:
            _count(con, object_name, column)
        name = _NAME[object_name]
        con.execute(
            f"""
            insert into matching.frequencies
            select '{object_name}.phone', phone, count(*), count(distinct {name})
            from (select unnest(phones) as phone, {name} from {base}) group by phone
            """  # noqa: S608 - our own names
        )


def _count(con: duckdb.DuckDBPyConnection, object_name: str, column: str) -> None:
    names = f"count(distinct {told_apart})" if (told_apart := _TOLD_APART.get((object_name, column))) else "null"
    con.execute(
        f"""
        insert into matching.frequencies
        select '{object_name}.{column}', {column}, count(*), {names}
        from matching.{object_name}_base where {column} is not null group by {column}
        """  # noqa: S608 - our own names
    )
