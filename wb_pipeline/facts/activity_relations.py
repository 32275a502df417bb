"""Temporary table of companies and deals that a log names beside people of other houses (LOG-2). Stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.facts.activity_people import domain_key
from wb_pipeline.facts.distinct_values import lent_keys

if TYPE_CHECKING:
    import duckdb

# A deal is its company's and its primary contact's; a record that is not there is nobody's.
_NAMED = """
create or replace temp table named_records as
with named as (
    select manifest_id, proposal_key, snapshot_hash, policy_hash, 'company' as object, unnest(company_ids) as record_id
    from logged_activities
    union
    select manifest_id, proposal_key, snapshot_hash, policy_hash, 'deal', unnest(deal_ids) from logged_activities
)
select named.*,
    if(named.object = 'company', named.record_id, trim(try_cast(records.fields as json) ->> '$.company_id'))
        as company_id,
    if(named.object = 'deal', trim(try_cast(records.fields as json) ->> '$.primary_contact_id'), null) as contact_id
from named
left join raw.crm_records as records
    on records.snapshot_hash = named.snapshot_hash and records.object = named.object
        and records.record_id = named.record_id
"""
_EMPLOYED = """
create or replace temp table employed_people as
select snapshot_hash, record_id as contact_id, trim(try_cast(fields as json) ->> '$.company_id') as company_id
from raw.crm_records where object = 'contact'
"""
# The company itself, its parent and its subsidiaries: one house (as in IDN-7).
_HOUSES = """
create or replace temp table named_houses as
with companies as (
    select snapshot_hash, record_id as company_id, try_cast(fields as json) as said
    from raw.crm_records where object = 'company'
),
parents as (
    select snapshot_hash, company_id,
        trim(coalesce(said ->> '$.parent_id', said ->> '$.parent_company_id')) as parent_id
    from companies
),
named as (select distinct snapshot_hash, company_id from named_records where company_id is not null)
select snapshot_hash, company_id, company_id as member_id from named
union
select named.snapshot_hash, named.company_id, parents.parent_id
from named inner join parents using (snapshot_hash, company_id)
where parents.parent_id <> ''
union
select named.snapshot_hash, named.company_id, parents.company_id
from named
inner join parents on parents.snapshot_hash = named.snapshot_hash and parents.parent_id = named.company_id
"""
_HOUSE_ADDRESSES = """
create or replace temp table house_addresses as
with stated as (
    select houses.snapshot_hash, houses.company_id, try_cast(records.fields as json) as said
    from named_houses as houses
    inner join raw.crm_records as records
        on records.snapshot_hash = houses.snapshot_hash and records.object = 'company'
            and records.record_id = houses.member_id
)
select snapshot_hash, company_id, said ->> '$.domain' as address from stated
union
select snapshot_hash, company_id, unnest(json_extract_string(said, '$.additional_domains[*]')) from stated
"""
_ADDRESSES = """
select distinct address as given from house_addresses where address is not null
union
select distinct split_part(mailbox, '@', -1) from people_mailboxes
where (snapshot_hash, record_id) in (
    select (snapshot_hash, contact_id)
    from (select snapshot_hash, unnest(contact_ids) as contact_id from logged_activities)
)
union
select unnest([alias_domain, domain]) from policy.domain_aliases
"""
# Where whom a log names gets mail, and who took part in what decides. A mail provider's domain is no company's.
_PRESENT = """
create or replace temp table people_present as
with mailboxes as (
    select logs.manifest_id, logs.proposal_key, logs.policy_hash, mailboxes.mailbox,
        keys.key as domain
    from (select *, unnest(contact_ids) as contact_id from logged_activities) as logs
    inner join people_mailboxes as mailboxes
        on mailboxes.snapshot_hash = logs.snapshot_hash and mailboxes.object = 'contact'
            and mailboxes.record_id = logs.contact_id
    left join registered_domains as keys on keys.given = split_part(mailboxes.mailbox, '@', -1)
    union
    select items.manifest_id, items.proposal_key, logs.policy_hash, people.mailbox, people.domain
    from deciding_items as items
    inner join item_people as people
        on people.evidence_hash = items.evidence_hash and people.evidence_id = items.evidence_id
    inner join logged_activities as logs
        on logs.manifest_id = items.manifest_id and logs.proposal_key = items.proposal_key
    where items.is_duplicated_id is not true
),
aliases as (
    select distinct aliases.policy_hash, alias.key as alias_domain, meant.key as domain
    from policy.domain_aliases as aliases
    inner join registered_domains as alias on alias.given = aliases.alias_domain
    inner join registered_domains as meant on meant.given = aliases.domain
),
providers as (select policy_hash, domain from policy.mail_domains where kind in ('personal', 'disposable'))
select mailboxes.* exclude (domain),
    if((mailboxes.policy_hash, mailboxes.domain) in (select (policy_hash, domain) from providers), null,
        coalesce(aliases.domain, mailboxes.domain)) as domain
from mailboxes
left join aliases
    on aliases.policy_hash = mailboxes.policy_hash and aliases.alias_domain = mailboxes.domain
"""
_HOUSE_DOMAINS = """
create or replace temp table house_domains as
select distinct addresses.snapshot_hash, addresses.company_id, keys.key as domain
from house_addresses as addresses inner join registered_domains as keys on keys.given = addresses.address
union
-- An alias stands for the domain that it leads to, whichever of the two the company has on record.
select addresses.snapshot_hash, addresses.company_id, meant.key
from house_addresses as addresses
inner join registered_domains as keys on keys.given = addresses.address
inner join registered_domains as alias on alias.key = keys.key
inner join policy.domain_aliases as aliases on aliases.alias_domain = alias.given
inner join registered_domains as meant on meant.given = aliases.domain
"""
_UNRELATED = """
create or replace temp table unrelated_records as
with logs as (
    select logs.manifest_id, logs.proposal_key, logs.contact_ids,
        exists (
            from deciding_items as items
            where items.manifest_id = logs.manifest_id and items.proposal_key = logs.proposal_key
        ) as has_items
    from logged_activities as logs
),
related as (
    -- The contact works there, or is its deal's person.
    select named.manifest_id, named.proposal_key, named.object, named.record_id
    from named_records as named
    inner join (select *, unnest(contact_ids) as contact_id from logs) as logs using (manifest_id, proposal_key)
    inner join named_houses as houses
        on houses.snapshot_hash = named.snapshot_hash and houses.company_id = named.company_id
    inner join employed_people as people
        on people.snapshot_hash = named.snapshot_hash and people.contact_id = logs.contact_id
            and people.company_id = houses.member_id
    union
    select named.manifest_id, named.proposal_key, named.object, named.record_id
    from named_records as named
    inner join (select *, unnest(contact_ids) as contact_id from logs) as logs
        on logs.manifest_id = named.manifest_id and logs.proposal_key = named.proposal_key
            and logs.contact_id = named.contact_id
    union
    -- The contact, or somebody who took part, writes from there.
    select named.manifest_id, named.proposal_key, named.object, named.record_id
    from named_records as named
    inner join house_domains as domains
        on domains.snapshot_hash = named.snapshot_hash and domains.company_id = named.company_id
    inner join people_present as people
        on people.manifest_id = named.manifest_id and people.proposal_key = named.proposal_key
            and people.domain = domains.domain
    union
    -- Somebody who took part works there, or is its deal's person.
    select named.manifest_id, named.proposal_key, named.object, named.record_id
    from named_records as named
    inner join people_present as people
        on people.manifest_id = named.manifest_id and people.proposal_key = named.proposal_key
    inner join people_mailboxes as mailboxes
        on mailboxes.snapshot_hash = named.snapshot_hash and mailboxes.object = 'contact'
            and mailboxes.mailbox = people.mailbox
    inner join employed_people as colleagues
        on colleagues.snapshot_hash = named.snapshot_hash and colleagues.contact_id = mailboxes.record_id
    left join named_houses as houses
        on houses.snapshot_hash = named.snapshot_hash and houses.company_id = named.company_id
            and houses.member_id = colleagues.company_id
    where houses.member_id is not null or colleagues.contact_id = named.contact_id
    union
    -- With no person and nothing to ask, a log is about the one company that it names.
    select manifest_id, proposal_key, object, record_id
    from (
        select named.*, count(distinct coalesce(company_id, '')) over (partition by manifest_id, proposal_key) as houses
        from named_records as named
    )
    inner join logs using (manifest_id, proposal_key)
    where houses = 1 and len(contact_ids) = 0 and not has_items
)
select manifest_id, proposal_key, list(distinct record_id order by record_id) as ids
from (select manifest_id, proposal_key, object, record_id from named_records except from related)
group by all
"""


def open_unrelated_records(con: duckdb.DuckDBPyConnection) -> None:
    """Make unrelated_records. Reads logged_activities, people_mailboxes, deciding_items and item_people.

    Grain: log that names such a record: manifest_id, proposal_key, ids (of companies and deals, sorted). A company is
    related where the contact works there, writes from there, or somebody of it took part; a deal where its company is,
    or its primary contact is the contact or took part.
    """
    con.execute(_NAMED)
    con.execute(_EMPLOYED)
    con.execute(_HOUSES)
    con.execute(_HOUSE_ADDRESSES)
    with lent_keys(con, "registered_domains", _ADDRESSES, domain_key):
        con.execute(_PRESENT)
        con.execute(_HOUSE_DOMAINS)
    con.execute(_UNRELATED)
    for table in ("people_present", "house_domains", "house_addresses", "named_houses", "employed_people"):
        con.execute(f"drop table {table}")
