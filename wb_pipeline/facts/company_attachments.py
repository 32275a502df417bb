"""Temporary table of contacts that are attached to a company whose domains are not theirs (IDN-7). Stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.facts.alias_domains import ALIASES
from wb_pipeline.facts.named_domains import registered

if TYPE_CHECKING:
    import duckdb

# Every address has to agree: the one that it sets, the one on record, the one by which it names the record. Nobody gets
# past the address on record by bringing along another one, which the lock on emails (FLD-3) then drops.
_ATTACHMENTS = """
create or replace temp table attachments as
with attaching as (
    select
        manifest_id, snapshot_hash, policy_hash, proposal_key, change_id,
        trim(json_extract_string(try_cast(new_value as json), '$')) as company_id
    from named_changes
    where field = 'company_id' and object in ('contact', 'lead') and action in ('create', 'update')
),
hosts as (
    select manifest_id, proposal_key, host from named_domains where kind = 'email'
    union
    select manifest_id, proposal_key, email_domain_key from facts.proposal_keys where email_domain_key is not null
    union
    select proposals.manifest_id, proposals.proposal_key, records.email_domain_key
    from run_proposals as proposals
    inner join facts.match_candidates as candidates
        on candidates.manifest_id = proposals.manifest_id and candidates.proposal_key = proposals.proposal_key
    inner join facts.prepared_records as records
        on
            records.snapshot_hash = proposals.snapshot_hash
            and records.object = candidates.object
            and records.record_id = candidates.record_id
    where candidates.candidate_rank = 1 and records.email_domain_key is not null
        -- Who is only like it lends no address.
        and (candidates.match_method <> 'likeness' or not candidates.is_key_shared)
)
select attaching.*, hosts.host
from attaching
inner join hosts on hosts.manifest_id = attaching.manifest_id and hosts.proposal_key = attaching.proposal_key
where attaching.company_id <> ''
"""
# The company itself, its parent and its subsidiaries: one house, often with one mail domain.
_HOUSES = """
create or replace temp table company_houses as
with attached as (
    select distinct companies.snapshot_hash, companies.company_id, companies.parent_id
    from live_companies as companies
    inner join attachments
        on attachments.snapshot_hash = companies.snapshot_hash and attachments.company_id = companies.company_id
),
members as (
    select snapshot_hash, company_id, company_id as member_id from attached
    union
    select snapshot_hash, company_id, parent_id from attached where parent_id is not null
    union
    select attached.snapshot_hash, attached.company_id, children.company_id
    from attached
    inner join live_companies as children
        on children.snapshot_hash = attached.snapshot_hash and children.parent_id = attached.company_id
)
select members.snapshot_hash, members.company_id, hosts.host
from members
inner join company_hosts as hosts
    on hosts.snapshot_hash = members.snapshot_hash and hosts.company_id = members.member_id
"""
_HOSTS = """
select host from attachments
union
select host from company_houses
union
select unnest([alias_domain, domain]) from policy.domain_aliases
"""
# Aliases stand for the domain that they lead to, on both sides.
_DISAGREEING = """
create or replace temp table disagreeing_attachments as
with aliases as ({aliases}),
providers as (
    select policy_hash, domain from policy.mail_domains where kind in ('personal', 'disposable')
),
of_contacts as (
    select attachments.*, registered.domain as given_domain, coalesce(aliases.domain, registered.domain) as domain
    from attachments
    inner join registered_hosts as registered on registered.host = attachments.host
    left join aliases
        on aliases.policy_hash = attachments.policy_hash and aliases.alias_domain = registered.domain
    where
        (attachments.policy_hash, attachments.host) not in (select (policy_hash, domain) from providers)
        and (attachments.policy_hash, registered.domain) not in (select (policy_hash, domain) from providers)
),
of_companies as (
    select distinct contacts.policy_hash, houses.snapshot_hash, houses.company_id,
        coalesce(aliases.domain, registered.domain) as domain
    from (select distinct policy_hash, snapshot_hash from attachments) as contacts
    inner join company_houses as houses on houses.snapshot_hash = contacts.snapshot_hash
    inner join registered_hosts as registered on registered.host = houses.host
    left join aliases
        on aliases.policy_hash = contacts.policy_hash and aliases.alias_domain = registered.domain
)
select
    contacts.manifest_id, contacts.proposal_key, contacts.change_id, contacts.given_domain as contact_domain,
    min(companies.domain) as company_domain
from of_contacts as contacts
inner join of_companies as companies
    on
        companies.policy_hash = contacts.policy_hash
        and companies.snapshot_hash = contacts.snapshot_hash
        and companies.company_id = contacts.company_id
group by all
having not bool_or(companies.domain = contacts.domain)
"""


def open_attachments(con: duckdb.DuckDBPyConnection) -> None:
    """Make disagreeing_attachments. Needs the tables of `open_named_domains`, and facts.match_candidates.

    Grain: (change of a company_id, domain of the contact that is none of the company's house): manifest_id,
    proposal_key, change_id, contact_domain, company_domain (the first of the company's). Nothing disagrees where the
    contact has no address, writes from a mail provider, or the company has no domain.
    """
    con.execute(_ATTACHMENTS)
    con.execute(_HOUSES)
    with registered(con, "registered_hosts", _HOSTS):
        con.execute(_DISAGREEING.format(aliases=ALIASES))
    con.execute("drop table company_houses; drop table attachments")
