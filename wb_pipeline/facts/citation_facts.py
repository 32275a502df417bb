"""facts.citation_facts: is what is cited there, about this record, by it, and is the quote in it? Judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.evidence.party_keys import address_key, profile_key
from wb_pipeline.evidence.voices import is_same_name
from wb_pipeline.facts.cited_items import close_cited_items, open_cited_items
from wb_pipeline.facts.cited_quotes import lent_quote_problems
from wb_pipeline.facts.current_run import count_rows, open_named_changes
from wb_pipeline.facts.distinct_values import lent, lent_keys
from wb_pipeline.facts.item_states import open_item_states
from wb_pipeline.facts.named_domains import registered
from wb_pipeline.facts.record_parties import close_record_parties, finish_record_parties, open_record_parties
from wb_pipeline.facts.subject_records import close_subject_records, open_subject_records
from wb_pipeline.normalize.domains import normalize_domain

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import duckdb

_HOSTS = """
select host from party_hosts
union
select split_part(key, '@', -1) from address_keys
union
select key from label_hosts
union
select unnest([alias_domain, domain]) from policy.domain_aliases
"""
_CITED = """
create or replace temp table citations_read as
select
    proposals.manifest_id, proposals.evidence_hash, proposals.policy_hash, proposals.proposal_key,
    proposals.action, proposals.object, citations.citation_ordinal, citations.evidence_id,
    trim(coalesce(citations.quote, '')) <> '' as has_quote
from run_proposals as proposals
inner join raw.proposal_citations as citations
    on citations.batch_key = proposals.batch_key and citations.proposal_key = proposals.proposal_key
"""
# Whom an item is about, in the key form of record_parties; a domain counts by the policy that the run is judged by.
_ITEM_PARTIES = """
create or replace temp table item_parties as
with present as (
    select mentions.*, keys.key
    from mentions inner join address_keys as keys on keys.given = mentions.given
    where not mentions.is_absent
),
hosts as (
    select evidence_hash, evidence_id, split_part(key, '@', -1) as host, is_author from present
    union
    select labels.evidence_hash, labels.evidence_id, keys.key, true
    from item_labels as labels inner join label_hosts as keys on keys.given = labels.given
    where labels.party_kind = 'domain'
)
select null as policy_hash, evidence_hash, evidence_id, 'email' as party_kind, key, bool_or(is_author) as is_author
from present
group by all
union all
select domains.policy_hash, hosts.evidence_hash, hosts.evidence_id, 'domain', domains.domain, bool_or(hosts.is_author)
from hosts inner join company_domains as domains on domains.host = hosts.host
group by all
union all
select null, labels.evidence_hash, labels.evidence_id, 'profile', keys.key, true
from item_labels as labels inner join profile_keys as keys on keys.given = labels.given
where labels.party_kind = 'profile'
union all
select null, evidence_hash, evidence_id, party_kind, given, true from item_labels
where party_kind in ('deal', 'company', 'record')
"""
# A profile concerns a person by its address, or by name and employer together. A deal's paper is that deal's, not
# another one's of the same company.
_CITATIONS_ABOUT = """
create or replace temp table citations_about as
with met as (
    select cited.manifest_id, cited.proposal_key, cited.citation_ordinal, item.is_author, item.party_kind
    from citations_read as cited
    inner join item_parties as item
        on
            item.evidence_hash = cited.evidence_hash
            and item.evidence_id = cited.evidence_id
            and (item.policy_hash is null or item.policy_hash = cited.policy_hash)
    inner join record_parties as wanted
        on
            wanted.manifest_id = cited.manifest_id
            and wanted.proposal_key = cited.proposal_key
            and wanted.key = item.key
            and wanted.party_kind = if(item.party_kind = 'record', cited.object, item.party_kind)
    union all
    select manifest_id, proposal_key, citation_ordinal, true, 'person' from profiles_of_persons
),
of_other_deals as (
    select distinct evidence_hash, evidence_id from item_labels where party_kind = 'deal'
),
counted as (
    select manifest_id, proposal_key, citation_ordinal, bool_or(is_author) as is_by_record,
        bool_or(party_kind = 'deal') as is_of_deal
    from met
    group by all
)
select
    cited.*,
    counted.proposal_key is not null and (
        others.evidence_id is null or cited.object is distinct from 'deal' or counted.is_of_deal
    ) as is_about_record,
    coalesce(counted.is_by_record, false) as is_by_record
from citations_read as cited
left join counted
    on
        counted.manifest_id = cited.manifest_id
        and counted.proposal_key = cited.proposal_key
        and counted.citation_ordinal = cited.citation_ordinal
left join of_other_deals as others
    on others.evidence_hash = cited.evidence_hash and others.evidence_id = cited.evidence_id
"""
_PROFILE_NAMES = """
select distinct items.payload ->> '$.name' as profile_name, names.first_name, names.last_name
from citations_read as cited
inner join cited_items as items on items.evidence_hash = cited.evidence_hash and items.evidence_id = cited.evidence_id
inner join record_names as names on names.manifest_id = cited.manifest_id and names.proposal_key = cited.proposal_key
where items.evidence_type = 'linkedin_profile'
"""
_PROFILES_OF_PERSONS = """
create or replace temp table profiles_of_persons as
select distinct cited.manifest_id, cited.proposal_key, cited.citation_ordinal
from citations_read as cited
inner join cited_items as items on items.evidence_hash = cited.evidence_hash and items.evidence_id = cited.evidence_id
inner join record_names as names on names.manifest_id = cited.manifest_id and names.proposal_key = cited.proposal_key
inner join same_names as same
    on
        same.profile_name = items.payload ->> '$.name'
        and same.first_name = names.first_name
        and same.last_name = names.last_name
inner join item_parties as profile
    on
        profile.evidence_hash = cited.evidence_hash
        and profile.evidence_id = cited.evidence_id
        and profile.policy_hash = cited.policy_hash
        and profile.party_kind = 'domain'
inner join record_parties as employer
    on
        employer.manifest_id = cited.manifest_id
        and employer.proposal_key = cited.proposal_key
        and employer.party_kind = 'employer'
        and employer.key = profile.key
where items.evidence_type = 'linkedin_profile'
"""
_FACTS = """
create or replace table facts.citation_facts as
select
    about.manifest_id,
    about.proposal_key,
    about.citation_ordinal,
    about.evidence_id,
    items.evidence_id is not null as is_found,
    items.evidence_type,
    states.evidence_state,
    items.happened_at,
    items.evidence_id is not null and about.is_about_record as is_about_record,
    items.evidence_id is not null and about.is_by_record as is_by_record,
    case
        when not about.has_quote then ''
        when items.evidence_id is null then 'not_found'
        else quotes.problem
    end as quote_problem
from citations_about as about
left join cited_items as items
    on items.evidence_hash = about.evidence_hash and items.evidence_id = about.evidence_id
left join item_states as states
    on
        states.policy_hash = about.policy_hash
        and states.evidence_hash = about.evidence_hash
        and states.evidence_id = about.evidence_id
left join quote_problems as quotes
    on
        quotes.manifest_id = about.manifest_id
        and quotes.proposal_key = about.proposal_key
        and quotes.citation_ordinal = about.citation_ordinal
"""


def write_citation_facts(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.citation_facts and return its rows (EVD-2, EVD-3, EVD-4, EVD-6).

    Reads facts.field_names, record_keys, proposal_key_values, match_candidates and payload_references.
    Grain: citation of a readable proposal: manifest_id, proposal_key, citation_ordinal, evidence_id, is_found,
    evidence_type, evidence_state (see `item_states`), happened_at (these NULL where not found), is_about_record,
    is_by_record (its author, speaker, signer or subject is of the record; false for who only received it),
    quote_problem (a `QuoteProblem`; empty where no quote is given or nothing is wrong with it).
    """
    open_named_changes(con)
    open_cited_items(con)
    open_subject_records(con)
    open_record_parties(con)
    con.execute(_CITED)
    domains = "select distinct given from item_labels where party_kind = 'domain'"
    profiles = "select distinct given from item_labels where party_kind = 'profile'"
    with (
        lent_keys(con, "address_keys", "select distinct given from mentions", address_key),
        lent_keys(con, "label_hosts", domains, normalize_domain),
        lent_keys(con, "profile_keys", profiles, profile_key),
        registered(con, "registered_hosts", _HOSTS),
    ):
        finish_record_parties(con)
        open_item_states(con)
        con.execute(_ITEM_PARTIES)
    with _lent_same_names(con):
        con.execute(_PROFILES_OF_PERSONS)
    con.execute(_CITATIONS_ABOUT)
    with lent_quote_problems(con):
        con.execute(_FACTS)
    for table in ("citations_read", "citations_about", "item_parties", "item_states", "profiles_of_persons"):
        con.execute(f"drop table {table}")
    close_record_parties(con)
    close_subject_records(con)
    close_cited_items(con)
    return count_rows(con, "facts.citation_facts")


def _lent_same_names(con: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
    pairs = con.execute(_PROFILE_NAMES).fetchall()
    same = [pair for pair in pairs if pair[0] and is_same_name(*pair)]
    names = ("profile_name", "first_name", "last_name")
    return lent(con, "same_names", {name: (pa.string(), [pair[i] for pair in same]) for i, name in enumerate(names)})
