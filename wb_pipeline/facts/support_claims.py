"""Temporary table of what each cited item has to support: the change, the quoted words, who and which firm is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MAX_CITATIONS = 50
"""Citations of a proposal that are read. Nobody needs more to make a point; what is beyond objects as unread."""

# An id says nothing that a text could support; of a log only what was said and when. A vendor's word is judged as the
# policy's value that is written for it; what has no such form is stopped for that, and is judged as it came.
_CITED = """
create or replace temp table cited_changes as
select
    changes.manifest_id, changes.policy_hash, changes.snapshot_hash, proposals.evidence_hash, changes.proposal_key,
    changes.change_id, changes.action, changes.object, changes.field,
    coalesce(written.value_to_write, changes.new_value) as new_value, formats.format,
    citations.citation_ordinal, citations.evidence_id, citations.quote,
    row_number() over (partition by changes.change_id order by citations.citation_ordinal) as number,
    changes.field is not null and coalesce(formats.format, 'text') <> 'id'
        and (
            changes.action in ('create', 'update')
            or (changes.action = 'log' and changes.field in ('body', 'occurred_at'))
        )
        as is_read
from named_changes as changes
inner join run_proposals as proposals
    on proposals.manifest_id = changes.manifest_id and proposals.proposal_key = changes.proposal_key
inner join raw.proposal_citations as citations
    on citations.batch_key = proposals.batch_key and citations.proposal_key = proposals.proposal_key
left join policy.field_formats as formats
    on
        formats.policy_hash = changes.policy_hash
        and formats.object = changes.object
        and formats.field = changes.field
left join facts.value_facts as written
    on written.manifest_id = changes.manifest_id and written.change_id = changes.change_id
"""
# Whom a proposal is about: the record that it means, else what it brings along itself.
_MEANT = """
create or replace temp table meant_records as
with targets as (
    select distinct
        proposals.manifest_id, proposals.snapshot_hash, proposals.proposal_key, proposals.object,
        try_cast(proposals.payload as json) as payload,
        coalesce(nullif(proposals.target_id, ''), candidates.record_id) as record_id
    from run_proposals as proposals
    left join facts.match_candidates as candidates
        on
            candidates.manifest_id = proposals.manifest_id
            and candidates.proposal_key = proposals.proposal_key
            and candidates.candidate_rank = 1
    where exists (
        select 1 from cited_changes as cited
        where cited.manifest_id = proposals.manifest_id and cited.proposal_key = proposals.proposal_key
    )
),
told as (
    select targets.* exclude (payload), records.fields as standing,
        json_merge_patch(coalesce(targets.payload, '{}'), coalesce(try_cast(records.fields as json), '{}')) as said
    from targets
    left join raw.crm_records as records
        on
            records.snapshot_hash = targets.snapshot_hash
            and records.object = targets.object
            and records.record_id = targets.record_id
)
select
    told.manifest_id, told.proposal_key, told.standing, told.said ->> '$.currency' as standing_currency,
    case
        when told.object = 'company' then told.said ->> '$.name'
        else coalesce(companies.fields::json ->> '$.name', told.said ->> '$.company_name')
    end as company_name,
    case
        when told.object = 'company' then told.said ->> '$.domain' else companies.fields::json ->> '$.domain'
    end as company_domain,
    case
        when told.object in ('contact', 'lead') then told.said ->> '$.email' else contacts.fields::json ->> '$.email'
    end as person_email,
    case
        when told.object in ('contact', 'lead') then told.said ->> '$.linkedin_url'
        else contacts.fields::json ->> '$.linkedin_url'
    end as profile_url,
    case
        when told.object in ('contact', 'lead')
            then concat_ws(' ', told.said ->> '$.first_name', told.said ->> '$.last_name')
        else concat_ws(' ', contacts.fields::json ->> '$.first_name', contacts.fields::json ->> '$.last_name')
    end as person_name
from told
left join raw.crm_records as companies
    on
        companies.snapshot_hash = told.snapshot_hash
        and companies.object = 'company'
        and companies.record_id = told.said ->> '$.company_id'
left join raw.crm_records as contacts
    on
        contacts.snapshot_hash = told.snapshot_hash
        and contacts.object = 'contact'
        and contacts.record_id = coalesce(told.said ->> '$.contact_id', told.said ->> '$.primary_contact_id')
qualify row_number() over (partition by told.manifest_id, told.proposal_key order by told.record_id) = 1
"""
_CLAIMS = f"""
create or replace temp table support_claims as
select
    row_number() over (
        order by cited.evidence_hash, cited.evidence_id, cited.change_id, cited.citation_ordinal
    ) as claim_number,
    cited.*, json_extract(meant.standing, '/' || cited.field)::varchar as standing_value,
    meant.company_name, meant.company_domain, meant.person_email, meant.profile_url, meant.person_name,
    coalesce(currencies.currency, meant.standing_currency) as currency
from cited_changes as cited
left join meant_records as meant
    on meant.manifest_id = cited.manifest_id and meant.proposal_key = cited.proposal_key
left join (
    select manifest_id, proposal_key, max(try_cast(new_value as json) ->> '$') as currency
    from cited_changes where field = 'currency' group by all
) as currencies
    on currencies.manifest_id = cited.manifest_id and currencies.proposal_key = cited.proposal_key
where cited.is_read and cited.number <= {MAX_CITATIONS} and cited.new_value is not null
"""  # noqa: S608 - a number of ours


def open_support_claims(con: duckdb.DuckDBPyConnection) -> None:
    """Make cited_changes and support_claims. Needs the views of `open_named_changes`.

    Reads facts.match_candidates and facts.value_facts.
    cited_changes   grain (change other than the action row, citation of its proposal): the keys, quote, is_read,
                    new_value (as it is written, where it is valid)
    support_claims  grain: the same, those that are read: claim_number in the order of the items, who and which firm
    """
    for statement in (_CITED, _MEANT, _CLAIMS):
        con.execute(statement)
    con.execute("drop table meant_records")
