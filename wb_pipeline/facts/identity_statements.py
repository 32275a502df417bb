"""facts.identity_statements: what a proposal, and each item that it cites, says of whom it means. Compares nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.facts.current_run import count_rows, open_named_changes

if TYPE_CHECKING:
    import duckdb

# What a payload of a create says, under the CRM's own field names; beside it what the target names.
_OWN = """
select manifest_id, proposal_key, object, 'proposal' as said_by,
    json_group_object(field, try_cast(new_value as json)) as fields
from named_changes
where action = 'create' and object in ('contact', 'lead', 'company') and field is not null and new_value is not null
group by all
union all
select manifest_id, proposal_key, object, 'proposal', try_cast(target_match as json)
from run_proposals
where action is distinct from 'create' and object in ('contact', 'lead', 'company')
    and json_type(try_cast(target_match as json)) = 'OBJECT'
"""
# Only items that speak of one person, or of one firm: a meeting of eight says nothing about which of them is meant.
_PERSON = """
case evidence_type
    when 'linkedin_profile' then json_object(
        'first_name', items.payload ->> '$.name', 'linkedin_url', items.payload ->> '$.url',
        'company_name', items.payload ->> '$.current.company', 'domain', items.payload ->> '$.current.company_domain'
    )
    when 'email' then case when (items.payload ->> '$.direction') = 'inbound' then json_object(
        'first_name', items.payload ->> '$.from.name', 'email', items.payload ->> '$.from.email'
    ) end
    when 'form_submission' then json_object(
        'first_name', items.payload ->> '$.name', 'email', items.payload ->> '$.email'
    )
    when 'email_verification' then json_object('email', items.payload ->> '$.email')
    when 'enrichment' then case when (items.payload ->> '$.subject.email') is not null then json_object(
        'email', items.payload ->> '$.subject.email', 'company_name', items.payload ->> '$.subject.company_name'
    ) end
end
"""
_FIRM = """
case evidence_type
    when 'enrichment' then json_object(
        'name', items.payload ->> '$.subject.company_name', 'domain', items.payload ->> '$.subject.company_domain'
    )
    when 'web_visit' then json_object('domain', items.payload ->> '$.domain')
end
"""
# A mailbox that the proposal itself brings along says nothing of the record as it stands.
_CITED = """
select proposals.manifest_id, proposals.proposal_key, proposals.object, citations.evidence_id as said_by,
    case when proposals.object = 'company' then {firm} else {person} end as fields
from run_proposals as proposals
inner join raw.proposal_citations as citations
    on citations.batch_key = proposals.batch_key and citations.proposal_key = proposals.proposal_key
inner join raw.evidence_items as items
    on items.evidence_hash = proposals.evidence_hash and items.evidence_id = citations.evidence_id
where proposals.action = 'update' and proposals.object in ('contact', 'lead', 'company')
    and proposals.target_id is not null and items.is_duplicated_id is not true
    and not (items.evidence_type = 'email_verification' and exists (
        select 1 from named_changes as brought
        where brought.manifest_id = proposals.manifest_id and brought.proposal_key = proposals.proposal_key
            and brought.field = 'email' and lower(trim(try_cast(brought.new_value as json) ->> '$'))
                = lower(trim(items.payload ->> '$.email'))
    ))
"""
# Who says nothing stands here too: a proposal without any row was not looked at (law 1).
_SILENT = """
select manifest_id, proposal_key, object, 'proposal', null::json
from run_proposals
where object in ('contact', 'lead', 'company')
"""


def write_identity_statements(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.identity_statements and return its rows. Reads facts.field_names.

    Grain: (proposal, who says it): manifest_id, proposal_key, object, said_by (`proposal`, or the id of a cited item),
    statement_key, fields (JSON: the contract's field names; identifying values as given). Each proposal about a
    contact, lead or company has a row `proposal`; fields is NULL where it says nothing.
    """
    open_named_changes(con)
    cited = _CITED.format(person=_PERSON, firm=_FIRM)
    con.execute(
        f"""
        create or replace table facts.identity_statements as
        with said as ({_OWN} union all {cited} union all {_SILENT}),
        telling as (
            select * replace (nullif(json_merge_patch('{{}}'::json, fields)::varchar, '{{}}') as fields) from said
        )
        select manifest_id, proposal_key, object, said_by,
            manifest_id || '|' || proposal_key || '|' || said_by as statement_key, max(fields) as fields
        from telling
        where fields is not null or said_by = 'proposal'
        group by all
        """  # noqa: S608 - our own SQL
    )
    return count_rows(con, "facts.identity_statements")
