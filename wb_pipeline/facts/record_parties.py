"""Temporary tables of whose word counts for a proposal: addresses, domains, profiles, names. Reads no evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.evidence.party_keys import address_keys, profile_key
from wb_pipeline.facts.alias_domains import ALIASES
from wb_pipeline.facts.distinct_values import fetch_columns, lent, lent_keys

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import duckdb

_WRITTEN_ADDRESSES = """
create or replace temp table written_addresses as
select subjects.manifest_id, subjects.proposal_key,
    json_extract(fields, '/' || replace(replace(name, '~', '~0'), '/', '~1'))::varchar as given
from (
    select subject_records.*, records.fields::json as fields, unnest(json_keys(records.fields)) as name
    from subject_records
    inner join raw.crm_records as records
        on
            records.snapshot_hash = subject_records.snapshot_hash
            and records.object = subject_records.object
            and records.record_id = subject_records.record_id
    where subject_records.object in ('contact', 'lead')
) as subjects
where name ilike '%email%'
"""
# Where a person works: the company on record, or the one that a create names.
_HOSTS = """
create or replace temp table party_hosts as
with addresses as (select * from party_addresses),
employers as (
    select subjects.* exclude (object, record_id), trim(records.fields ->> '$.company_id') as company_id
    from subject_records as subjects
    inner join raw.crm_records as records
        on
            records.snapshot_hash = subjects.snapshot_hash
            and records.object = subjects.object
            and records.record_id = subjects.record_id
    where subjects.object in ('contact', 'lead')
    union
    select manifest_id, snapshot_hash, policy_hash, proposal_key, trim(try_cast(new_value as json) ->> '$')
    from named_changes
    where action = 'create' and object in ('contact', 'lead') and field = 'company_id'
),
companies as (
    select *, 'employer' as party_kind from employers
    union all
    select subjects.* exclude (object), 'domain' from subject_records as subjects where object = 'company'
)
select companies.manifest_id, companies.policy_hash, companies.proposal_key, companies.party_kind, keys.key as host
from companies
inner join facts.record_keys as keys
    on
        keys.snapshot_hash = companies.snapshot_hash
        and keys.object = 'company'
        and keys.record_id = companies.company_id
where keys.key_kind = 'domain'
union
select proposals.manifest_id, proposals.policy_hash, proposals.proposal_key, 'domain', keys.key
from facts.proposal_key_values as keys
inner join run_proposals as proposals
    on proposals.manifest_id = keys.manifest_id and proposals.proposal_key = keys.proposal_key
where keys.key_kind = 'domain' and proposals.action = 'create' and proposals.object = 'company'
union
select manifest_id, policy_hash, proposal_key, 'employer', split_part(key, '@', -1) from addresses
"""
_ADDRESSES = """
create or replace temp table party_addresses as
with addresses as (
    select written.manifest_id, written.proposal_key, lists.key
    from written_addresses as written inner join address_lists as lists on lists.given = written.given
    union
    select subjects.manifest_id, subjects.proposal_key, keys.key
    from subject_records as subjects
    inner join facts.record_keys as keys
        on
            keys.snapshot_hash = subjects.snapshot_hash
            and keys.object = subjects.object
            and keys.record_id = subjects.record_id
    where keys.key_kind = 'email'
    union
    select keys.manifest_id, keys.proposal_key, keys.key
    from facts.proposal_key_values as keys
    inner join run_proposals as proposals
        on proposals.manifest_id = keys.manifest_id and proposals.proposal_key = keys.proposal_key
    where keys.key_kind = 'email' and proposals.action = 'create' and proposals.object in ('contact', 'lead')
)
select addresses.manifest_id, proposals.policy_hash, addresses.proposal_key, addresses.key
from addresses
inner join run_proposals as proposals
    on proposals.manifest_id = addresses.manifest_id and proposals.proposal_key = addresses.proposal_key
"""
# A domain that belongs to a mail provider, or to us, is no company's.
_PARTIES = """
create or replace temp table record_parties as
select manifest_id, proposal_key, 'email' as party_kind, key from party_addresses
union
select hosts.manifest_id, hosts.proposal_key, hosts.party_kind, domains.domain
from party_hosts as hosts
inner join company_domains as domains on domains.policy_hash = hosts.policy_hash and domains.host = hosts.host
union
select manifest_id, proposal_key, object, record_id from subject_records
union
select subjects.manifest_id, subjects.proposal_key, 'profile', profiles.key
from subject_records as subjects
inner join raw.crm_records as records
    on
        records.snapshot_hash = subjects.snapshot_hash
        and records.object = subjects.object
        and records.record_id = subjects.record_id
inner join profiles_on_record as profiles on profiles.given = records.fields ->> '$.linkedin_url'
where subjects.object in ('contact', 'lead')
"""
# Names as they stand on the record, and as a create gives them.
_NAMES = """
create or replace temp table record_names as
select distinct subjects.manifest_id, subjects.proposal_key,
    records.fields ->> '$.first_name' as first_name, records.fields ->> '$.last_name' as last_name
from subject_records as subjects
inner join raw.crm_records as records
    on
        records.snapshot_hash = subjects.snapshot_hash
        and records.object = subjects.object
        and records.record_id = subjects.record_id
where subjects.object in ('contact', 'lead')
union
select manifest_id, proposal_key,
    min(try_cast(new_value as json) ->> '$') filter (where field = 'first_name'),
    min(try_cast(new_value as json) ->> '$') filter (where field = 'last_name')
from named_changes
where action = 'create' and object in ('contact', 'lead') and field in ('first_name', 'last_name')
group by all
"""
_COMPANY_DOMAINS = """
create or replace temp table company_domains as
with aliases as ({aliases})
select policies.policy_hash, registered.host, coalesce(aliases.domain, registered.domain) as domain
from (select distinct policy_hash from run_inputs) as policies
cross join registered_hosts as registered
left join aliases on aliases.policy_hash = policies.policy_hash and aliases.alias_domain = registered.domain
anti join policy.mail_domains as providers
    on providers.policy_hash = policies.policy_hash and providers.domain in (registered.host, registered.domain)
"""


def open_record_parties(con: duckdb.DuckDBPyConnection) -> None:
    """Make party_addresses and party_hosts. Needs subject_records and the views of `open_named_changes`.

    Reads facts.record_keys and proposal_key_values.
    party_addresses  grain (proposal, address of its person): with policy_hash, key
    party_hosts      grain (proposal, party_kind, host): `domain` of its company, `employer` of its person
    """
    con.execute(_WRITTEN_ADDRESSES)
    with _lent_addresses(con):
        con.execute(_ADDRESSES)
    con.execute("drop table written_addresses")
    con.execute(_HOSTS)


def finish_record_parties(con: duckdb.DuckDBPyConnection) -> None:
    """Make record_parties and record_names. Needs registered_hosts (host, domain) of all hosts that are compared.

    company_domains  grain (policy, host): domain, what was registered, or what that is an alias of; none for mail
                     providers and for us
    record_parties   grain (proposal, party_kind, key): `email`, `domain`, `employer`, `profile`, or an object's name
                     with a record's id
    record_names     grain (proposal, name of its person): first_name, last_name
    """
    con.execute(_COMPANY_DOMAINS.format(aliases=ALIASES))
    urls = (
        "select distinct fields ->> '$.linkedin_url' as given from raw.crm_records where object in ('contact', 'lead')"
    )
    with lent_keys(con, "profiles_on_record", urls, profile_key):
        con.execute(_PARTIES)
    con.execute(_NAMES)


def close_record_parties(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables."""
    for table in ("party_addresses", "party_hosts", "company_domains", "record_parties", "record_names"):
        con.execute(f"drop table {table}")


def _lent_addresses(con: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
    given = fetch_columns(con, "select distinct given from written_addresses where given is not null")["given"]
    rows = [(text, key) for text in given if isinstance(text, str) for key in address_keys(text)]
    return lent(
        con, "address_lists", {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(("given", "key"))}
    )
