"""A temporary table of the records that each proposal is about. What speaks for them: `record_parties`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# The record that an update, or a create that hits one, means: never one that only looks like it.
_MATCHED = """
select proposals.manifest_id, proposals.snapshot_hash, proposals.policy_hash, proposals.proposal_key,
    candidates.object, candidates.record_id
from run_proposals as proposals
inner join facts.match_candidates as candidates
    on candidates.manifest_id = proposals.manifest_id and candidates.proposal_key = proposals.proposal_key
where candidates.object is not distinct from proposals.object and not candidates.is_key_shared
"""
# Who a new deal, an activity or a merge names by id. An activity of a contact is about that contact, not about
# everybody at the company (LOG-2). Whom a new deal names speaks for it only as somebody of its company: else a meeting
# with anybody would make a deal of any company.
_NAMED = """
select manifest_id, snapshot_hash, policy_hash, proposal_key, referenced_object as object, referenced_id as record_id
from (
    select proposals.*, found.object as referenced_object, found.referenced_id, found.field,
        trim(records.fields ->> '$.company_id') as employer_id,
        bool_or(found.field = 'contact_id') over each_proposal as names_a_person,
        min(found.referenced_id) filter (where found.field = 'company_id') over each_proposal as first_company_id,
        max(found.referenced_id) filter (where found.field = 'company_id') over each_proposal as last_company_id
    from run_proposals as proposals
    inner join raw.proposal_changes as changes
        on changes.batch_key = proposals.batch_key and changes.proposal_key = proposals.proposal_key
    inner join facts.payload_references as found
        on found.manifest_id = proposals.manifest_id and found.change_id = changes.change_id
    left join raw.crm_records as records
        on
            records.snapshot_hash = proposals.snapshot_hash
            and records.object = found.object
            and records.record_id = found.referenced_id
    where found.is_found
    window each_proposal as (partition by proposals.manifest_id, proposals.proposal_key)
)
where (action = 'create' and object = 'deal' and field = 'company_id')
    or (
        action = 'create' and object = 'deal' and field = 'primary_contact_id'
        and employer_id = first_company_id and employer_id = last_company_id
    )
    or (action = 'merge' and field in ('survivor', 'loser'))
    or (action = 'log' and (field = 'contact_id' or (not names_a_person and field in ('company_id', 'deal_id'))))
"""
# A deal is its company's and its primary contact's.
_SUBJECTS = """
create or replace temp table subject_records as
with direct as ({matched} union {named}),
of_deals as (
    select direct.* exclude (object, record_id), entry.object, trim(records.fields ->> entry.path) as record_id
    from direct
    inner join raw.crm_records as records
        on
            records.snapshot_hash = direct.snapshot_hash
            and records.object = 'deal'
            and records.record_id = direct.record_id
    cross join (values ('company', '$.company_id'), ('contact', '$.primary_contact_id')) as entry (object, path)
    where direct.object = 'deal'
)
select * from direct
union
select * from of_deals where record_id <> ''
"""


def open_subject_records(con: duckdb.DuckDBPyConnection) -> None:
    """Make subject_records. Reads facts.match_candidates and payload_references.

    subject_records  grain (proposal, record that it is about): with snapshot_hash, policy_hash, object, record_id
    """
    con.execute(_SUBJECTS.format(matched=_MATCHED, named=_NAMED))


def close_subject_records(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary table."""
    con.execute("drop table subject_records")
