"""Reads two public sets of real records as CRM records: Chicago's early-childhood sites, and Senzing's truth set.

Both hold no proposals and no look-alike groups. Every column is read as text.
"""

# ruff: noqa: S608 - every name put into a statement is a constant of this file; paths are parameters

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching.labelled_crm import fields_json
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    import duckdb

# All sites are in and around Chicago; the country is what a CRM of that place would say.
_SITE_FIELDS = {
    "country": "'US'", "name": 'trim("Site name")', "phone": '"Phone"', "postal_code": '"Zip"',
    "street": 'trim("Address")', "website": '"Website"',
}  # fmt: skip
_PERSON_FIELDS = {
    "city": "ADDR_CITY", "company_name": "EMPLOYER", "country": "ADDR_COUNTRY", "date_of_birth": "DATE_OF_BIRTH",
    "email": "EMAIL_ADDRESS",
    # Full names come without parts: a CRM would have them in the first field.
    "first_name": "coalesce(PRIMARY_NAME_FIRST, PRIMARY_NAME_FULL, NATIVE_NAME_FULL)", "last_name": "PRIMARY_NAME_LAST",
    "middle_name": "PRIMARY_NAME_MIDDLE", "phone": "PHONE_NUMBER", "postal_code": "ADDR_POSTAL_CODE",
    "region": "ADDR_STATE", "street": "coalesce(ADDR_LINE1, ADDR_FULL)",
}  # fmt: skip
_FIRM_FIELDS = {
    "city": "ADDR_CITY", "country": "ADDR_COUNTRY", "name": "coalesce(PRIMARY_NAME_ORG, PRIMARY_NAME_FULL)",
    "phone": "PHONE_NUMBER", "postal_code": "ADDR_POSTAL_CODE", "region": "ADDR_STATE",
    "second_name": "SECONDARY_NAME_ORG", "street": "coalesce(ADDR_LINE1, ADDR_FULL)",
}  # fmt: skip
_SENZING_SOURCES = ("customers", "reference", "watchlist")
_TEXT_CSV = "all_varchar = true, header = true, strict_mode = false"


def load(con: duckdb.DuckDBPyConnection, kind: str, folder: Path, snapshot_hash: str) -> None:
    """Fill raw.crm_records and labelled.truth with one of the two sets: `sites` or `senzing`."""
    if kind == "sites":
        _load_sites(con, folder, snapshot_hash)
    else:
        _load_senzing(con, folder, snapshot_hash)


def _load_sites(con: duckdb.DuckDBPyConnection, folder: Path, snapshot_hash: str) -> None:
    path = [_file(folder, "sites_with_true_ids.csv")]
    rows = f"""(
        select 'company' as object, 'site-' || "Id" as record_id, 'entity-' || "True Id" as entity_id, *
        from read_csv(?, {_TEXT_CSV}, quote = '"')
    )"""
    _insert(con, snapshot_hash, rows, path, fields_json(_SITE_FIELDS))


def _load_senzing(con: duckdb.DuckDBPyConnection, folder: Path, snapshot_hash: str) -> None:
    """Unite the three sources by column name, for they have different ones; the key names source and record."""
    paths = [_file(folder, f"{source}.csv") for source in _SENZING_SOURCES]
    key = _file(folder, "actual_truthset_key.csv")
    rows = f"""(
        select
            case when sources.RECORD_TYPE = 'ORGANIZATION' then 'company' else 'contact' end as object,
            lower(sources.DATA_SOURCE) || '-' || sources.RECORD_ID as record_id,
            'cluster-' || keys.CLUSTER_ID as entity_id, sources.*
        from read_csv(?, {_TEXT_CSV}, union_by_name = true) as sources
        inner join read_csv(?, {_TEXT_CSV}) as keys
            on keys.DATA_SOURCE = sources.DATA_SOURCE and keys.RECORD_ID = sources.RECORD_ID
    )"""
    fields = f"case when object = 'company' then {fields_json(_FIRM_FIELDS)} else {fields_json(_PERSON_FIELDS)} end"
    _insert(con, snapshot_hash, rows, [paths, key], fields)


def _insert(
    con: duckdb.DuckDBPyConnection, snapshot_hash: str, rows: str, parameters: Sequence[object], fields: str
) -> None:
    con.execute(f"create or replace temp table labelled_rows as select * from {rows}", parameters)
    con.execute(
        f"""
        insert into raw.crm_records by name
        select
            ? as snapshot_hash, object, record_id, {fields} as fields, '{{}}' as field_writers, '[]' as history,
            false as is_archived, '{{}}' as extra
        from labelled_rows
        """,
        [snapshot_hash],
    )
    con.execute("insert into labelled.truth select object, record_id, entity_id, [], [] from labelled_rows")
    con.execute("drop table labelled_rows")


def _file(folder: Path, name: str) -> str:
    path = folder / name
    if not path.is_file():
        raise InputError(f"There is no {name} in {folder}.", hint="docs/matching.md says where the set is published.")
    return str(path)
