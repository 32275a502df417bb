"""Temporary tables of the domains that a run's proposals name and its CRM and policies know. Judges none."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.distinct_values import fetch_columns, lent
from wb_pipeline.matching.keys import key_of
from wb_pipeline.normalize.domains import registrable_domain
from wb_pipeline.normalize.emails import email_domain, is_role_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

DOMAIN_FIELDS = ("additional_domains", "domain", "email", "website")
"""Fields whose value is a domain or has one. A linkedin_url is LinkedIn's: it says nothing about a company's domain."""
# A longer list names nobody's domains; it is looked at up to here.
_MOST_PER_VALUE = 100

_CHANGES = """
create or replace temp table domain_changes as
select
    manifest_id, snapshot_hash, policy_hash, proposal_key, change_id, action, object, new_value as given,
    if(field = 'email', 'email', 'domain') as kind
from named_changes
where
    list_contains(?, field)
    and object in ('contact', 'lead', 'company')
    and action in ('create', 'update')
    and new_value is not null
"""
_COMPANIES = """
create or replace temp table live_companies as
select
    snapshot_hash, record_id as company_id, found[1] as website,
    coalesce(trim(found[2] ->> '$'), trim(found[3] ->> '$')) as parent_id
from (
    select
        snapshot_hash, record_id,
        json_extract(try_cast(fields as json), ['$.website', '$.parent_id', '$.parent_company_id']) as found
    from raw.crm_records
    where
        object = 'company' and is_archived is false and nullif(merged_into_id, '') is null
        and snapshot_hash in (select snapshot_hash from run_inputs)
)
"""
_GIVEN = """
select distinct kind, given from domain_changes
union
select 'domain', website::varchar from live_companies where website is not null
"""
_NAMED = """
create or replace temp table named_domains as
select changes.* exclude (given), read.host, read.domain, read.address, read.is_role
from domain_changes as changes
inner join read_values as read on read.kind = changes.kind and read.given = changes.given
"""
_COMPANY_HOSTS = """
create or replace temp table company_hosts as
select snapshot_hash, record_id as company_id, key as host
from facts.record_keys
where object = 'company' and key_kind = 'domain' and is_live
union
select companies.snapshot_hash, companies.company_id, read.host
from live_companies as companies
inner join read_values as read on read.kind = 'domain' and read.given = companies.website::varchar
"""
# A single address at an unknown domain may itself be the slip; two people with one are a firm that writes like that.
_KNOWN_HOSTS = """
create or replace temp table known_hosts as
with of_records as (
    select snapshot_hash, host from company_hosts
    union
    select snapshot_hash, email_domain_key
    from facts.prepared_records
    where object in ('contact', 'lead') and not is_archived and merged_into_id is null and email_domain_key is not null
    group by all
    having count(distinct email_key) > 1
),
of_policies as (
    select policy_hash, domain as host from policy.mail_domains where kind = 'own'
    union
    select policy_hash, unnest([alias_domain, domain]) from policy.domain_aliases
)
select inputs.snapshot_hash, inputs.policy_hash, of_records.host
from run_inputs as inputs inner join of_records on of_records.snapshot_hash = inputs.snapshot_hash
union
select inputs.snapshot_hash, inputs.policy_hash, of_policies.host
from run_inputs as inputs inner join of_policies on of_policies.policy_hash = inputs.policy_hash
"""


def open_named_domains(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables. Needs the views of `open_named_changes`, facts.prepared_records and facts.record_keys.

    named_domains  grain (change of a domain-like field, host in it): the change's keys, kind (email or domain), host,
                   domain (what was registered of the host), address (NULL for a domain), is_role
    live_companies grain company that is neither archived nor merged: snapshot_hash, company_id, website, parent_id
    company_hosts  grain (live company, host of its domain, further domains or website)
    known_hosts    grain (snapshot, policy, host): of companies, of two or more people, our own, and aliases
    """
    con.execute(_CHANGES, [list(DOMAIN_FIELDS)])
    con.execute(_COMPANIES)
    with _read_values(con):
        for statement in (_NAMED, _COMPANY_HOSTS, _KNOWN_HOSTS):
            con.execute(statement)
    con.execute("drop table domain_changes")


def close_named_domains(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables."""
    for table in ("named_domains", "live_companies", "company_hosts", "known_hosts"):
        con.execute(f"drop table {table}")


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, name: str, query: str) -> Iterator[None]:
    """Lend (host, domain): what was registered of each host of a one-column query `host`."""
    hosts = [host for host in fetch_columns(con, query)["host"] if isinstance(host, str)]
    domains = [registrable_domain(host) for host in hosts]
    with lent(con, name, {"host": (pa.string(), hosts), "domain": (pa.string(), domains)}):
        yield


@contextmanager
def _read_values(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    given = fetch_columns(con, _GIVEN)
    rows = [
        (kind, text, *found)
        for kind, text in zip(given["kind"], given["given"], strict=True)
        for found in _read(str(kind), str(text))
    ]
    names = ("kind", "given", "host", "domain", "address", "is_role")
    columns = {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(names)}
    with lent(con, "read_values", {**columns, "is_role": (pa.bool_(), columns["is_role"][1])}):
        yield


def _read(kind: str, text: str) -> list[tuple[str, str, str | None, bool]]:
    """Return (host, domain, address, is_role) of a JSON text: one value, or a list of them."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    keys = {key_of(kind, entry) for entry in (value[:_MOST_PER_VALUE] if isinstance(value, list) else [value])}
    if kind == "email":
        return [(host := email_domain(key), registrable_domain(host), key, is_role_address(key)) for key in keys if key]
    return [(key, registrable_domain(key), None, False) for key in keys if key]
