"""Reads labelled CRMs in the form that `wb sample` writes: Parquet tables, one per object, with their truth beside.

Field names become the contract's; what the contract does not know stays as a custom field.
"""

# ruff: noqa: S608 - every name put into a statement is a constant of this file; paths are parameters

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    import duckdb

_CONTACT_FIELDS = {
    "city": "city", "company_id": "company_id", "company_name": "company_name", "country": "country",
    "email": "email", "first_name": "first_name", "last_name": "last_name", "linkedin_url": "linkedin_url",
    "mobile": "mobile", "phone": "phone", "title": "job_title",
}  # fmt: skip
_COMPANY_FIELDS = {
    "city": "city", "country": "country", "domain": "domain", "employees": "employees", "industry": "industry",
    "name": "name", "phone": "phone", "postal_code": "postal_code", "region": "region", "street": "street",
}  # fmt: skip
_PROPOSAL_FIELDS = _COMPANY_FIELDS | {name: column for name, column in _CONTACT_FIELDS.items() if name != "company_id"}
_OBJECTS = {
    "contact": ("crm_contacts", "truth_contacts", "contact_id", _CONTACT_FIELDS),
    "company": ("crm_companies", "truth_companies", "company_id", _COMPANY_FIELDS),
}


def fields_json(columns: dict[str, str]) -> str:
    """Return the SQL of a record's fields as JSON text: field name to column, empty fields left out."""
    pairs = ", ".join(f"'{name}', nullif({column}::varchar, '')" for name, column in sorted(columns.items()))
    return f"json_merge_patch('{{}}', json_object({pairs}))::varchar"


def load(con: duckdb.DuckDBPyConnection, crm: Path, truth: Path, snapshot_hash: str) -> None:
    """Fill raw.crm_records and the tables of schema `labelled`; a CRM without companies or proposals will do."""
    for object_name, (records, truths, key, fields) in _OBJECTS.items():
        if object_name == "contact" or (crm / f"{records}.parquet").is_file():
            con.execute(
                f"""
                insert into raw.crm_records by name
                select
                    ? as snapshot_hash, '{object_name}' as object, {key} as record_id, {fields_json(fields)} as fields,
                    '{{}}' as field_writers, '[]' as history, make_timestamp(created_at * 1000000) as created_at,
                    make_timestamp(updated_at * 1000000) as updated_at, false as is_archived, '{{}}' as extra
                from read_parquet(?)
                """,
                [snapshot_hash, _file(crm, records)],
            )
            con.execute(
                f"""
                insert into labelled.truth
                select '{object_name}', {key}, entity_id, variants, hn_types from read_parquet(?)
                """,
                [_file(truth, truths)],
            )
    if (truth / "hard_negative_groups.parquet").is_file():
        con.execute(_LOOK_ALIKES, [_file(truth, "hard_negative_groups")])
    if (crm / "proposals.parquet").is_file():
        con.execute(_PROPOSALS, [_file(crm, "proposals")])
        con.execute(_PROPOSAL_TRUTH, [_file(truth, "truth_proposals")])


_LOOK_ALIKES = """
insert into labelled.look_alikes
select entities.object, groups.group_id::varchar, groups.entity_id, groups.hn_type
from read_parquet(?) as groups
inner join (select distinct object, entity_id from labelled.truth) as entities on entities.entity_id = groups.entity_id
"""
_PROPOSALS = f"""
insert into labelled.proposals
select proposal_id, kind, {fields_json(_PROPOSAL_FIELDS)}, ai_target_id from read_parquet(?)
"""
_PROPOSAL_TRUTH = """
insert into labelled.proposal_truth
select
    proposal_id, kind, true_entity_id, in_crm, case_type, variants, hn_types, ambiguous, trap_record_ids,
    ai_target_wrong
from read_parquet(?)
"""


def _file(folder: Path, name: str) -> str:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise InputError(f"There is no {path.name} in {folder}.", hint="`wb sample` writes a labelled CRM.")
    return str(path)
