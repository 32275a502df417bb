"""facts.prepared_records, facts.record_keys: the CRM's identifying values in key form. Knows no proposals."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from wb_pipeline.facts.current_run import count_rows, open_run
from wb_pipeline.facts.distinct_values import lent_keys
from wb_pipeline.matching.keys import NORMALIZERS, key_of_json

if TYPE_CHECKING:
    import duckdb

MERGE_TRAIL_DEPTH = 10
CANDIDATES_PER_KEY = 10
"""A switchboard domain may stand on thousands of records: so many of them are named, all are counted."""

_GIVEN = """
create or replace temp table given_keys as
select
    records.snapshot_hash, records.object, records.record_id,
    records.found[1] as email, records.found[2] as domain, records.found[3] as external_id,
    case when records.object = 'company' then json_extract(records.fields, '$.additional_domains') end as more_domains
from (
    select
        snapshot_hash, object, record_id, try_cast(fields as json) as fields,
        json_extract(try_cast(fields as json), ['$.email', '$.domain', '$.external_id'])::varchar[] as found
    from raw.crm_records
    where snapshot_hash in (select snapshot_hash from run_inputs)
) as records
"""
_MORE_DOMAINS = """
create or replace temp view more_domains as
select snapshot_hash, object, record_id, unnest(json_extract(more_domains, '$[*]')::varchar[]) as domain
from given_keys
where json_type(more_domains) = 'ARRAY'
"""
_DOMAINS = "select domain as given from given_keys union select domain from more_domains"
_PREPARED = """
create or replace table facts.prepared_records as
select
    records.snapshot_hash,
    records.object,
    records.record_id,
    emails.key as email_key,
    domains.key as domain_key,
    external_ids.key as external_id_key,
    split_part(emails.key, '@', -1) as email_domain_key,
    coalesce(records.is_archived, true) as is_archived,
    nullif(records.merged_into_id, '') as merged_into_id
from raw.crm_records as records
inner join given_keys as given
    on
        given.snapshot_hash = records.snapshot_hash
        and given.object = records.object
        and given.record_id = records.record_id
left join email_keys as emails on emails.given = given.email
left join domain_keys as domains on domains.given = given.domain and records.object = 'company'
left join external_id_keys as external_ids on external_ids.given = given.external_id
"""
# A merged record leads to the end of its trail. A ring or an endless trail reaches no end, so it leads nowhere.
_TRAILS = """
create or replace table facts.merge_trails as
with recursive trail as (
    select snapshot_hash, object, record_id, merged_into_id as next_id, 1 as depth
    from facts.prepared_records
    where merged_into_id is not null
    union all
    select trail.snapshot_hash, trail.object, trail.record_id, records.merged_into_id, trail.depth + 1
    from trail
    inner join facts.prepared_records as records
        on
            records.snapshot_hash = trail.snapshot_hash
            and records.object = trail.object
            and records.record_id = trail.next_id
    where records.merged_into_id is not null and trail.depth < ?
)
select distinct trail.snapshot_hash, trail.object, trail.record_id, survivors.record_id as survivor_id
from trail
inner join facts.prepared_records as survivors
    on
        survivors.snapshot_hash = trail.snapshot_hash
        and survivors.object = trail.object
        and survivors.record_id = trail.next_id
where survivors.merged_into_id is null and survivors.is_archived is false
"""
_RECORD_KEYS = """
create or replace table facts.record_keys as
with keys as (
    select snapshot_hash, object, record_id, 'email' as key_kind, email_key as key
    from facts.prepared_records where object in ('contact', 'lead')
    union
    select snapshot_hash, object, record_id, 'domain', domain_key from facts.prepared_records where object = 'company'
    union
    select more.snapshot_hash, more.object, more.record_id, 'domain', domains.key
    from more_domains as more inner join domain_keys as domains on domains.given = more.domain
    union
    select snapshot_hash, object, record_id, 'external_id', external_id_key from facts.prepared_records
),
carriers as (
    select
        keys.snapshot_hash, keys.object, keys.key_kind, keys.key,
        coalesce(trails.survivor_id, keys.record_id) as record_id,
        bool_and(trails.survivor_id is not null) as is_by_trail,
        min(keys.record_id) as carrier_id,
        bool_or(
            trails.survivor_id is not null or (not records.is_archived and records.merged_into_id is null)
        ) as is_live
    from keys
    inner join facts.prepared_records as records
        on
            records.snapshot_hash = keys.snapshot_hash
            and records.object = keys.object
            and records.record_id = keys.record_id
    left join facts.merge_trails as trails
        on
            trails.snapshot_hash = keys.snapshot_hash
            and trails.object = keys.object
            and trails.record_id = keys.record_id
    where keys.key is not null
    group by all
)
select
    *,
    count(*) filter (where is_live) over one_key as live_carriers,
    row_number() over (one_key order by is_live desc, is_by_trail, record_id) as carrier_rank
from carriers
window one_key as (partition by snapshot_hash, object, key_kind, key)
"""


def write_prepared_records(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.prepared_records, and beside it facts.merge_trails and facts.record_keys; return the records.

    prepared_records grain: record of a snapshot: snapshot_hash, object, record_id, email_key, domain_key,
      external_id_key, email_domain_key, is_archived, merged_into_id.
    merge_trails grain: merged record whose trail ends in a live one: snapshot_hash, object, record_id, survivor_id.
    record_keys grain: (key, record that it leads to): snapshot_hash, object, key_kind, key, record_id, is_by_trail,
      carrier_id (the record that carries the key), is_live, live_carriers (of the key), carrier_rank.
    """
    open_run(con)
    con.execute(_GIVEN)
    con.execute(_MORE_DOMAINS)
    with ExitStack() as stack:
        for kind in NORMALIZERS:
            query = _DOMAINS if kind == "domain" else f"select distinct {kind} as given from given_keys"  # noqa: S608 - ours
            stack.enter_context(lent_keys(con, f"{kind}_keys", query, partial(key_of_json, kind)))
        con.execute(_PREPARED)
        con.execute(_TRAILS, [MERGE_TRAIL_DEPTH])
        con.execute(_RECORD_KEYS)
    con.execute("drop view more_domains")
    con.execute("drop table given_keys")
    return count_rows(con, "facts.prepared_records")
