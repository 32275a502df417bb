"""Temporary tables of whom each log names: mailboxes, company domains and names (LOG-2). Compares nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.distinct_values import lent, lent_keys
from wb_pipeline.facts.participants import person_key
from wb_pipeline.facts.people import open_people
from wb_pipeline.normalize.domains import normalize_domain, registrable_domain

if TYPE_CHECKING:
    import duckdb

# Without a contact an activity is about the company that is named, or the deal's.
_COMPANIES = """
create or replace temp table activity_companies as
with logs as (select * from logged_activities where len(contact_ids) = 0)
select manifest_id, proposal_key, snapshot_hash, unnest(company_ids) as company_id from logs
union
select logs.manifest_id, logs.proposal_key, logs.snapshot_hash,
    json_extract_string(try_cast(deals.fields as json), '$.company_id')
from (select *, unnest(deal_ids) as deal_id from logs) as logs
inner join raw.crm_records as deals
    on deals.snapshot_hash = logs.snapshot_hash and deals.object = 'deal' and deals.record_id = logs.deal_id
"""
_COMPANY_ADDRESSES = """
create or replace temp table company_addresses as
with stated as (
    select snapshot_hash, record_id, try_cast(fields as json) as said from raw.crm_records
    where object = 'company' and (snapshot_hash, record_id) in (
        select (snapshot_hash, company_id) from activity_companies
    )
)
select snapshot_hash, record_id, said ->> '$.domain' as address from stated
union
select snapshot_hash, record_id, unnest(json_extract_string(said, '$.additional_domains[*]')) from stated
"""
_ABOUT = """
create or replace temp table activity_people as
select distinct logs.manifest_id, logs.proposal_key, 'contact' as named_as, mailboxes.mailbox, null as domain
from (select manifest_id, proposal_key, snapshot_hash, unnest(contact_ids) as contact_id from logged_activities) as logs
inner join people_mailboxes as mailboxes
    on mailboxes.snapshot_hash = logs.snapshot_hash and mailboxes.object = 'contact'
        and mailboxes.record_id = logs.contact_id
union all
-- Without a contact: anybody of the company, by its domains or as its contact.
select distinct logs.manifest_id, logs.proposal_key, 'company', mailboxes.mailbox, null
from activity_companies as logs
inner join raw.crm_records as contacts
    on contacts.snapshot_hash = logs.snapshot_hash and contacts.object = 'contact'
        and json_extract_string(try_cast(contacts.fields as json), '$.company_id') = logs.company_id
inner join people_mailboxes as mailboxes
    on mailboxes.snapshot_hash = logs.snapshot_hash and mailboxes.object = 'contact'
        and mailboxes.record_id = contacts.record_id
union all
select distinct logs.manifest_id, logs.proposal_key, 'company', null, known.key
from activity_companies as logs
inner join company_addresses as addresses
    on addresses.snapshot_hash = logs.snapshot_hash and addresses.record_id = logs.company_id
inner join company_domains as known on known.given = addresses.address
"""
_NAMES = """
select distinct logs.manifest_id, logs.proposal_key, said ->> '$.first_name', said ->> '$.last_name'
from (select *, unnest(contact_ids) as contact_id from logged_activities) as logs
inner join (select snapshot_hash, object, record_id, try_cast(fields as json) as said from raw.crm_records) as contacts
    on contacts.snapshot_hash = logs.snapshot_hash and contacts.object = 'contact'
        and contacts.record_id = logs.contact_id
"""


def open_activity_people(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables activity_people and activity_names. Reads logged_activities.

    activity_people grain (log, mailbox or domain of whom it names): manifest_id, proposal_key, named_as (`contact` or
    `company`), mailbox (key form), domain (registrable). activity_names grain (log, name): manifest_id, proposal_key,
    name (comparison form).
    """
    open_people(con)
    con.execute(_COMPANIES)
    con.execute(_COMPANY_ADDRESSES)
    addresses = "select distinct address as given from company_addresses"
    with lent_keys(con, "company_domains", addresses, domain_key):
        con.execute(_ABOUT)
    rows = [(*log, name) for *log, first, last in con.execute(_NAMES).fetchall() if (name := person_key(first, last))]
    columns = {
        name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(("manifest_id", "proposal_key", "name"))
    }
    with lent(con, "name_rows", columns):
        con.execute("create or replace temp table activity_names as from name_rows")


def domain_key(address: str) -> str | None:
    """Return the registrable domain of a domain or web address; None where it is neither."""
    domain = normalize_domain(address)
    return registrable_domain(domain) if domain else None
