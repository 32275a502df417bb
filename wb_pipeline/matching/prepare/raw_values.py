"""SQL that takes a record's values out of its JSON, as bounded text. What they mean is for the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.matching.prepare.field_names import FieldNames, names_of
from wb_pipeline.normalize.letters import MAX_TEXT

if TYPE_CHECKING:
    import duckdb

OBJECTS = {"contact": "('contact', 'lead')", "company": "('company')"}
"""Kind -> the objects of the contract that are of it, as SQL."""
# Cut at one more than any address may have: a longer one is none, and what is left of it must not pass for one.
_LONGER = {"email": 255, "linkedin_url": 500, "website": 500, "additional_domains": 4_000}
_GIVEN = """
create or replace temp table preparing_given as
with parsed as (
    select *, try_cast(fields as json) as parsed_fields from ({source}) as source where object in {objects}
),
extracted as (
    select * exclude (parsed_fields), parsed_fields, json_extract_string(parsed_fields, {paths}) as found from parsed
)
select * replace ({said})
from (
    select
        object, record_id, md5(fields) as fields_hash, coalesce(is_live, false) as is_live,
        {times},
        {values}
    from extracted
)
"""
# What people and tools write into a field that they have nothing for.
_MAY_SAY_NOTHING = frozenset(
    {"first_name", "last_name", "full_name", "company_name", "name", "title", "city", "linkedin_url", "industry"}
)
_PLACEHOLDERS = ", ".join(
    f"'{word}'" for word in ("n/a", "none", "null", "unknown", "-", "--", ".", "?", "tbd", "(blank)")
)
_IS_TIME = ("created_at", "updated_at")


def write_raw_values(con: duckdb.DuckDBPyConnection, source: str, kind: str, fields: FieldNames | None) -> None:
    """Write the temporary table `preparing_given` from a query with record_id, object, fields, is_live.

    Grain: record of the kind. Besides the keys one text column per value of `field_names`, NULL where the record has
    none or has a list or object (`additional_domains` may be a list); created_at and updated_at are UTC timestamps, of
    the source's columns where it has such.
    """
    names = names_of(kind, fields)
    paths = list(dict.fromkeys(name for options in names.values() for name in options))
    columns = {row[0]: row[1] for row in con.execute(f"describe {source}").fetchall()}
    values = [f"{_value(names[name], paths, name)} as {name}" for name in names if name not in _IS_TIME]
    times = [f"{_time(name, columns, names, paths)} as {name}" for name in _IS_TIME]
    con.execute(
        _GIVEN.format(
            source=source,
            objects=OBJECTS[kind],
            paths=f"[{', '.join(_quoted(_pointer(path)) for path in paths)}]",
            said=", ".join(_said(name) for name in names if name in _MAY_SAY_NOTHING),
            times=",\n    ".join(times),
            values=",\n    ".join(values),
        )
    )


def _said(name: str) -> str:
    return f"case when lower({name}) in ({_PLACEHOLDERS}) then null else {name} end as {name}"


def _value(options: tuple[str, ...], paths: list[str], name: str) -> str:
    texts = [_text(option, paths.index(option) + 1, name) for option in options]
    return texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"


def _text(field: str, position: int, name: str) -> str:
    """Return SQL for one field as trimmed text: no blank text, no list or object (their text begins with a bracket)."""
    cut = f"nullif(trim(left(found[{position}], {_LONGER.get(name, MAX_TEXT)})), '')"
    if name == "additional_domains":
        return cut
    is_nested = f"json_type(parsed_fields, {_quoted(_pointer(field))}) in ('ARRAY', 'OBJECT')"
    return f"case when found[{position}][1] in ('[', '{{') and {is_nested} then null else {cut} end"


def _time(name: str, columns: dict[str, str], names: dict[str, tuple[str, ...]], paths: list[str]) -> str:
    if columns.get(name, "").startswith("TIMESTAMP"):
        return f"cast({name} as timestamp)"
    text = f"cast({name} as varchar)" if name in columns else _value(names[name], paths, name)
    return f"""case
        when regexp_full_match({text}, '[0-9]{{9,11}}') then make_timestamp(try_cast({text} as bigint) * 1000000)
        when regexp_full_match({text}, '[0-9]{{12,14}}') then make_timestamp(try_cast({text} as bigint) * 1000)
        else timezone('UTC', try_cast({text} as timestamptz))
    end"""


def _pointer(field: str) -> str:
    return "/" + field.replace("~", "~0").replace("/", "~1")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
