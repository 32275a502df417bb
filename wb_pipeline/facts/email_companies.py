"""facts.email_companies: at whose domain is the email that a proposal names (EVD-1)? Whether they agree is IDN-7's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.facts.alias_domains import ALIASES
from wb_pipeline.facts.current_run import count_rows, open_run
from wb_pipeline.facts.named_domains import registered

if TYPE_CHECKING:
    import duckdb

# Without a list of mail providers no domain speaks for a company.
_EMAIL_HOSTS = """
create or replace temp table email_hosts as
select
    proposals.manifest_id, proposals.snapshot_hash, proposals.policy_hash, proposals.proposal_key,
    keys.email_domain_key as host
from run_proposals as proposals
inner join facts.proposal_keys as keys
    on keys.manifest_id = proposals.manifest_id and keys.proposal_key = proposals.proposal_key
where
    keys.email_domain_key is not null
    and proposals.policy_hash in (select policy_hash from policy.mail_domains where kind = 'personal')
"""
# The company's own domains: those of a record that was merged into it are not taken on trust.
_COMPANY_HOSTS = """
create or replace temp table owned_hosts as
select keys.snapshot_hash, keys.record_id as company_id, keys.key as host
from facts.record_keys as keys
inner join facts.prepared_records as companies
    on
        companies.snapshot_hash = keys.snapshot_hash
        and companies.object = keys.object
        and companies.record_id = keys.record_id
where
    keys.object = 'company' and keys.key_kind = 'domain' and not keys.is_by_trail
    and companies.is_archived is false and companies.merged_into_id is null
"""
_HOSTS = """
select host from email_hosts
union
select host from owned_hosts
union
select unnest([alias_domain, domain]) from policy.domain_aliases
"""
# An alias leads to one domain; what was registered has to be the same, so a longer name before or behind is another's.
_FACTS = """
create or replace table facts.email_companies as
with aliases as ({aliases}),
providers as (
    select policy_hash, domain from policy.mail_domains where kind in ('personal', 'disposable')
),
of_emails as (
    select emails.*, coalesce(aliases.domain, registered.domain) as domain
    from email_hosts as emails
    inner join registered_hosts as registered on registered.host = emails.host
    left join aliases on aliases.policy_hash = emails.policy_hash and aliases.alias_domain = registered.domain
    where
        (emails.policy_hash, emails.host) not in (select (policy_hash, domain) from providers)
        and (emails.policy_hash, registered.domain) not in (select (policy_hash, domain) from providers)
)
select distinct emails.manifest_id, emails.proposal_key, owned.company_id
from of_emails as emails
inner join registered_hosts as registered on registered.domain = emails.domain
inner join owned_hosts as owned on owned.snapshot_hash = emails.snapshot_hash and owned.host = registered.host
"""


def write_email_companies(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.email_companies and return its rows. Reads facts.proposal_keys, record_keys, prepared_records.

    Grain: (proposal, live company at one of whose domains its email is): manifest_id, proposal_key, company_id. A
    company's domains are its domain and its additional_domains; what was registered is compared, so a subdomain counts,
    and the policy's aliases lead to the domain that they stand for. Free and throw-away mail is nobody's.
    """
    open_run(con)
    con.execute(_EMAIL_HOSTS)
    con.execute(_COMPANY_HOSTS)
    with registered(con, "registered_hosts", _HOSTS):
        con.execute(_FACTS.format(aliases=ALIASES))
    con.execute("drop table email_hosts; drop table owned_hosts")
    return count_rows(con, "facts.email_companies")
