"""Temporary tables of the evidence that a run cites: each item once, and who takes part in it. Knows no records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# An id that stands on items that differ proves nothing: nobody can say which was meant, least of all the better one.
_ITEMS = """
create or replace temp table cited_items as
select
    evidence_hash, evidence_id, min(evidence_type) as evidence_type, min(evidence_state) as stored_state,
    min(happened_at) as happened_at, min(payload) as payload
from raw.evidence_items
where (evidence_hash, evidence_id) in (
    select (proposals.evidence_hash, citations.evidence_id)
    from run_proposals as proposals
    inner join raw.proposal_citations as citations
        on citations.batch_key = proposals.batch_key and citations.proposal_key = proposals.proposal_key
)
group by evidence_hash, evidence_id
having count(distinct to_json([evidence_type, evidence_state, happened_at::varchar, payload])) = 1
"""
# Who wrote, attended, spoke, signed or is described; `is_author` is false for who only received a message. Who declined
# or stayed away took no part. Somebody who signs nothing is no signer.
_MENTIONS = """
create or replace temp table mentions as
with lists as (
    select evidence_hash, evidence_id, entry.party_role, payload -> entry.path as parties
    from cited_items
    cross join (values
        ('email', '$.from', 'author'), ('email', '$.to', 'receiver'), ('email', '$.cc', 'receiver'),
        ('calendar_event', '$.attendees', 'attendee'), ('calendar_event', '$.organizer', 'organizer'),
        ('call_recording', '$.participants', 'speaker'),
        ('form_submission', '$.email', 'author'), ('email_verification', '$.email', 'subject'),
        ('enrichment', '$.subject.email', 'subject'),
        ('proposal_document', '$.to', 'receiver'), ('order_form', '$.signatures', 'signer'),
        ('mutual_action_plan', '$.accepted_by', 'signer')
    ) as entry (evidence_type, path, party_role)
    where entry.evidence_type = cited_items.evidence_type
),
parties as (
    select evidence_hash, evidence_id, party_role,
        unnest(if(json_type(parties) = 'ARRAY', json_extract(parties, '$[*]'), [parties])) as party
    from lists
    where json_type(parties) in ('ARRAY', 'OBJECT', 'VARCHAR')
),
read_parties as (
    select distinct evidence_hash, evidence_id, party_role,
        case json_type(party) when 'VARCHAR' then party ->> '$' when 'OBJECT' then party ->> '$.email' end as given,
        (
            lower(trim(coalesce(party ->> '$.response', ''))) in ('declined', 'no')
            or lower(coalesce(party ->> '$.attended', 'true')) = 'false'
        ) as is_absent,
        party_role = 'signer' and json_type(party) = 'OBJECT' and (party ->> '$.signed_at') is null as is_unsigned,
        lower(coalesce(party ->> '$.attended', '')) = 'true' as has_attended
    from parties
)
select evidence_hash, evidence_id, party_role, given, has_attended, party_role <> 'receiver' as is_author,
    is_absent or is_unsigned as is_absent
from read_parties
where given is not null
"""
# What else an item is about: a domain, or a record by its id.
_LABELS = """
create or replace temp table item_labels as
select items.evidence_hash, items.evidence_id, entry.party_kind,
    trim(case
        when entry.party_kind = 'record' and json_type(items.payload -> '$.target') = 'OBJECT'
            then items.payload ->> '$.target.id'
        else items.payload ->> entry.path
    end) as given
from cited_items as items
cross join (values
    ('linkedin_profile', '$.url', 'profile'), ('linkedin_profile', '$.current.company_domain', 'domain'),
    ('enrichment', '$.subject.company_domain', 'domain'), ('web_visit', '$.domain', 'domain'),
    ('proposal_document', '$.deal_id', 'deal'), ('proposal_document', '$.company_id', 'company'),
    ('order_form', '$.deal_id', 'deal'), ('order_form', '$.company_id', 'company'),
    ('mutual_action_plan', '$.deal_id', 'deal'), ('mutual_action_plan', '$.company_id', 'company'),
    ('crm_event', '$.target', 'record')
) as entry (evidence_type, path, party_kind)
where entry.evidence_type = items.evidence_type and given <> ''
"""


def open_cited_items(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables. Needs the views of `open_run`.

    cited_items  grain (evidence_hash, evidence_id), if the id means one item: evidence_type, stored_state, happened_at,
                 payload
    mentions     grain (item, part taken): party_role, given (an address as written), is_author, is_absent (declined,
                 stayed away, did not sign), has_attended
    item_labels  grain (item, party_kind): given, a domain (`domain`), profile (`profile`) or record id
    """
    for statement in (_ITEMS, _MENTIONS, _LABELS):
        con.execute(statement)


def close_cited_items(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables."""
    for table in ("cited_items", "mentions", "item_labels"):
        con.execute(f"drop table {table}")
