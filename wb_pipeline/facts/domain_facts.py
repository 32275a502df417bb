"""facts.domain_facts: what the domains in a change say against it (IDN-5, IDN-7, IDN-8). Stops nothing."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.company_attachments import open_attachments
from wb_pipeline.facts.current_run import count_rows, open_named_changes
from wb_pipeline.facts.distinct_values import lent
from wb_pipeline.facts.named_domains import close_named_domains, open_named_domains, registered
from wb_pipeline.normalize.lookalike_domains import find_lookalikes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

# Some domains stand on both lists; whose mailboxes are thrown away is disposable.
_PROVIDERS = """
create or replace temp table named_providers as
select
    named.policy_hash, named.host,
    bool_or(providers.kind = 'disposable') as is_disposable,
    not bool_or(providers.kind = 'disposable') as is_personal
from (select distinct policy_hash, host, unnest([host, domain]) as domain from named_domains) as named
inner join policy.mail_domains as providers
    on providers.policy_hash = named.policy_hash and providers.domain = named.domain
where providers.kind in ('personal', 'disposable')
group by all
"""
_STRANGERS = """
select distinct snapshot_hash, policy_hash, domain
from named_domains
where (policy_hash, host) not in (select (policy_hash, host) from named_providers)
"""
_KNOWN = """
select distinct known.snapshot_hash, known.policy_hash, registered.domain
from known_hosts as known
inner join registered_known as registered on registered.host = known.host
"""
# An address that a live record carries is no stranger's, whatever its domain looks like.
_LOOKALIKES = """
create or replace temp table named_lookalikes as
select named.manifest_id, named.proposal_key, named.change_id, found.domain, found.looks_like, found.likeness
from named_domains as named
inner join lookalikes as found
    on
        found.snapshot_hash = named.snapshot_hash
        and found.policy_hash = named.policy_hash
        and found.domain = named.domain
where not exists (
    from facts.record_keys as keys
    where
        keys.snapshot_hash = named.snapshot_hash
        and keys.key_kind = 'email'
        and keys.key = named.address
        and keys.is_live
)
"""
# Without a list of mail providers nobody knows whose mailbox it is: it counts as anybody's.
_ADDRESSES = """
create or replace temp table created_addresses as
select
    named.manifest_id, named.proposal_key,
    bool_or(named.is_role) as is_role,
    bool_or(coalesce(providers.is_personal, listed.policy_hash is null)) as is_free_mail,
    bool_or(coalesce(providers.is_disposable, false)) as is_disposable
from named_domains as named
left join named_providers as providers on providers.policy_hash = named.policy_hash and providers.host = named.host
left join (select distinct policy_hash from policy.mail_domains where kind = 'personal') as listed
    on listed.policy_hash = named.policy_hash
where named.kind = 'email' and named.action = 'create' and named.object in ('contact', 'lead')
group by all
"""
# What a field of a create says is said of the create as a whole too: it waits as one.
_FACTS = """
create or replace table facts.domain_facts as
with rows_of_run as (
    select
        proposals.manifest_id, changes.proposal_key, changes.change_id, changes.is_action_row,
        changes.is_action_row and proposals.action is not distinct from 'create' as is_create
    from run_proposals as proposals
    inner join raw.proposal_changes as changes
        on changes.batch_key = proposals.batch_key and changes.proposal_key = proposals.proposal_key
),
findings as (
    select manifest_id, proposal_key, change_id, domain, looks_like, likeness, null as company_domain
    from named_lookalikes
    union all
    select manifest_id, proposal_key, change_id, contact_domain, null, null, company_domain
    from disagreeing_attachments
),
findings_of_rows as (
    select
        rows_of_run.manifest_id, rows_of_run.change_id,
        min(findings) filter (where findings.looks_like is not null) as lookalike,
        min(findings) filter (where findings.company_domain is not null) as attachment
    from findings
    inner join rows_of_run
        on
            rows_of_run.manifest_id = findings.manifest_id
            and rows_of_run.proposal_key = findings.proposal_key
            and (rows_of_run.is_create or rows_of_run.change_id = findings.change_id)
    group by all
)
select
    rows_of_run.manifest_id,
    rows_of_run.change_id,
    coalesce(found.lookalike is not null, false) as is_lookalike_domain,
    found.lookalike.domain as lookalike_domain,
    found.lookalike.looks_like as looks_like_domain,
    found.lookalike.likeness as likeness,
    coalesce(found.attachment is not null, false) as is_company_domain_other,
    found.attachment.domain as contact_domain,
    found.attachment.company_domain as company_domain,
    coalesce(addresses.is_free_mail, false) as is_free_mail_address,
    coalesce(addresses.is_role, false) as is_role_address,
    coalesce(addresses.is_disposable, false) as is_disposable_address
from rows_of_run
left join findings_of_rows as found
    on found.manifest_id = rows_of_run.manifest_id and found.change_id = rows_of_run.change_id
left join created_addresses as addresses
    on
        addresses.manifest_id = rows_of_run.manifest_id
        and addresses.proposal_key = rows_of_run.proposal_key
        and rows_of_run.is_create
"""


def write_domain_facts(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.domain_facts and return its rows. Reads field_names, prepared_records, record_keys, match_candidates.

    Grain: (manifest, change, action rows included): manifest_id, change_id; is_lookalike_domain with lookalike_domain,
    looks_like_domain and likeness (see `normalize.lookalike_domains`); is_company_domain_other with contact_domain and
    company_domain; is_free_mail_address, is_role_address, is_disposable_address. The last three stand on the action row
    of a create of a contact or lead; what a field of a create says, its action row says too. No flag is NULL.
    """
    open_named_changes(con)
    open_named_domains(con)
    con.execute(_PROVIDERS)
    with _lent_lookalikes(con):
        con.execute(_LOOKALIKES)
    con.execute(_ADDRESSES)
    open_attachments(con)
    con.execute(_FACTS)
    for table in ("named_providers", "named_lookalikes", "created_addresses", "disagreeing_attachments"):
        con.execute(f"drop table {table}")
    close_named_domains(con)
    return count_rows(con, "facts.domain_facts")


@contextmanager
def _lent_lookalikes(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Lend (snapshot_hash, policy_hash, domain, looks_like, likeness): the strangers that look like a known domain."""
    rows: list[tuple[str, str, str, str, str]] = []
    strangers = _by_snapshot_and_policy(con, _STRANGERS)
    with registered(con, "registered_known", "select distinct host from known_hosts"):
        known = _by_snapshot_and_policy(con, _KNOWN)
    for pair, domains in strangers.items():
        found = find_lookalikes(domains, known.get(pair, ()))
        rows += [(*pair, domain, alike.domain, alike.likeness) for domain, alike in sorted(found.items())]
    names = ("snapshot_hash", "policy_hash", "domain", "looks_like", "likeness")
    with lent(con, "lookalikes", {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(names)}):
        yield


def _by_snapshot_and_policy(con: duckdb.DuckDBPyConnection, query: str) -> dict[tuple[str, str], list[str]]:
    domains: dict[tuple[str, str], list[str]] = defaultdict(list)
    for snapshot_hash, policy_hash, domain in con.execute(query).fetchall():
        domains[snapshot_hash, policy_hash].append(domain)
    return domains
