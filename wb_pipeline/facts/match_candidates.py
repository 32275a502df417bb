"""facts.match_candidates: which records a proposal may mean, by key or by likeness (IDN-1, IDN-2, IDN-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.current_run import count_rows, open_run
from wb_pipeline.facts.distinct_values import fetch_columns, lent
from wb_pipeline.facts.prepared_records import CANDIDATES_PER_KEY
from wb_pipeline.normalize.emails import is_role_address

if TYPE_CHECKING:
    import duckdb

LEAST_LIKELY = 0.01
"""A reviewer is not shown records that are less likely than that."""
BORROWED_BELOW = 0.2
"""A record with the very key of a create, otherwise this unlike it: the address went to somebody else (IDN-1)."""
# Proposals whose target id and target keys name different records: neither identifies.
_CONTRADICTED = """
create or replace temp view contradicted as
select proposals.manifest_id, proposals.proposal_key
from run_proposals as proposals
inner join facts.proposal_key_values as wanted
    on wanted.manifest_id = proposals.manifest_id and wanted.proposal_key = proposals.proposal_key
left join facts.record_keys as keys
    on
        keys.snapshot_hash = proposals.snapshot_hash
        and keys.object = proposals.object
        and keys.key_kind = wanted.key_kind
        and keys.key = wanted.key
        and keys.record_id = proposals.target_id
where proposals.target_id is not null and proposals.action is distinct from 'create' and keys.record_id is null
group by all
"""
_BY_ID = """
create or replace temp view candidates_by_id as
select
    proposals.manifest_id, proposals.proposal_key, records.object, records.record_id, 'given_id' as match_method,
    proposals.target_id as match_key, contradicted.proposal_key is not null as is_key_shared,
    if(contradicted.proposal_key is null, 1.0, 0.5)::double as match_probability,
    if(
        contradicted.proposal_key is null, 'The proposal names this record by its id.',
        'The proposal names this record by its id, and another one by a key.'
    ) as match_reason
from run_proposals as proposals
left join contradicted
    on contradicted.manifest_id = proposals.manifest_id and contradicted.proposal_key = proposals.proposal_key
inner join facts.prepared_records as records
    on
        records.snapshot_hash = proposals.snapshot_hash
        and records.object = proposals.object
        and records.record_id = proposals.target_id
where proposals.action is distinct from 'create'
union all
select
    proposals.manifest_id, proposals.proposal_key, trails.object, trails.survivor_id, 'merge_trail',
    proposals.target_id, false, 0.9,
    'The record ' || proposals.target_id || ' that the proposal names was merged into this one.'
from run_proposals as proposals
inner join facts.merge_trails as trails
    on
        trails.snapshot_hash = proposals.snapshot_hash
        and trails.object = proposals.object
        and trails.record_id = proposals.target_id
where proposals.action is distinct from 'create'
"""
# A record that carries the key and was not found alike, though blocking looks at every address and domain, is unlike.
# An archived carrier counts only where no live record carries the key: then the address may have been given away again.
_KEY_HITS = """
create or replace temp view key_hits as
select
    wanted.manifest_id, wanted.proposal_key, keys.*, replace(keys.key_kind, '_', ' ') as kind_in_words,
    keys.key in (select key from role_keys) and keys.key_kind = 'email' as is_role,
    proposals.action = 'create' and (
        coalesce(likely.is_other_name, false)
        or coalesce(likely.match_probability, if(keys.key_kind in ('email', 'domain'), 0, 1))
            < getvariable('borrowed_below')
    ) as is_unlike
from facts.proposal_key_values as wanted
inner join run_proposals as proposals
    on proposals.manifest_id = wanted.manifest_id and proposals.proposal_key = wanted.proposal_key
inner join facts.record_keys as keys
    on
        keys.snapshot_hash = proposals.snapshot_hash
        and keys.object = proposals.object
        and keys.key_kind = wanted.key_kind
        and keys.key = wanted.key
left join facts.likely_records as likely
    on
        likely.manifest_id = wanted.manifest_id
        and likely.proposal_key = wanted.proposal_key
        and likely.said_by = 'proposal'
        and likely.object = keys.object
        and likely.record_id = keys.record_id
where keys.carrier_rank <= getvariable('candidates_per_key') and (keys.is_live or keys.live_carriers = 0)
"""
_BY_KEY = """
create or replace temp view candidates_by_key as
select
    manifest_id, proposal_key, object, record_id,
    case when is_by_trail then 'merge_trail' else 'exact_' || key_kind end as match_method,
    key as match_key,
    live_carriers > 1 or is_role or is_unlike as is_key_shared,
    least(
        case when is_by_trail then 0.9 when is_live then 1.0 else 0.5 end,
        case when is_unlike then 0.5 else 1.0 end,
        case when is_role or live_carriers > 1 then 1.0 / greatest(live_carriers, 2) else 1.0 end
    )::double as match_probability,
    concat(
        case when is_by_trail
            then 'The record ' || carrier_id || ' with the ' || kind_in_words || ' ' || key
                || ' was merged into this one'
            else 'The same ' || kind_in_words || ': ' || key
        end,
        case when live_carriers > 1 then '; ' || live_carriers || ' records carry it, so it does not identify one' end,
        case when is_role then '; it is the mailbox of a role, not of a person' end,
        case when not is_live then '; the record is archived' end,
        case when is_unlike then '; name or all else differs, so it may have been given to somebody else' end,
        '.'
    ) as match_reason
from key_hits
"""
# Where no key decides (IDN-2). A match by likeness names one record; in doubt all that are likely are shown as shared.
# A record of another object can only be looked at by a person: a contact is never judged as an update of a lead.
_BY_LIKENESS = """
create or replace temp view candidates_by_likeness as
select
    likely.manifest_id, likely.proposal_key, likely.object, likely.record_id, 'likeness' as match_method,
    likely.record_id as match_key,
    decisions.decision <> 'match' or decisions.object is distinct from proposals.object as is_key_shared,
    if(decisions.decision = 'match', decisions.match_probability, likely.match_probability) as match_probability,
    concat(upper(left(likely.match_reason, 1)), substr(likely.match_reason, 2),
        if(likely.object <> proposals.object, ' (a ' || likely.object || ')', ''), '.') as match_reason,
    likely.match_weight
from facts.likeness_decisions as decisions
inner join run_proposals as proposals
    on proposals.manifest_id = decisions.manifest_id and proposals.proposal_key = decisions.proposal_key
inner join facts.likely_records as likely
    on
        likely.manifest_id = decisions.manifest_id
        and likely.proposal_key = decisions.proposal_key
        and likely.said_by = decisions.said_by
where
    proposals.action = 'create' and decisions.said_by = 'proposal' and decisions.decision <> 'create'
    and (decisions.decision = 'review' or likely.record_id = decisions.record_id)
    and likely.match_probability >= getvariable('least_likely')
    and not exists (
        select 1 from candidates_by_key as exact
        where exact.manifest_id = decisions.manifest_id and exact.proposal_key = decisions.proposal_key
    )
"""
_CANDIDATES = """
create or replace table facts.match_candidates as
with united as (
    select *, null::double as match_weight, if(match_method = 'given_id', 0, 1) as method_rank from candidates_by_id
    union all
    select *, null, case match_method when 'exact_external_id' then 2 when 'merge_trail' then 4 else 3 end
    from candidates_by_key
    union all
    select *, 5 from candidates_by_likeness
),
best as (
    select *
    from united
    qualify row_number() over (
        partition by manifest_id, proposal_key, object, record_id
        order by is_key_shared, method_rank, match_probability desc, match_key
    ) = 1
)
select
    manifest_id,
    proposal_key,
    object,
    record_id,
    row_number() over (
        partition by manifest_id, proposal_key
        order by is_key_shared, method_rank, match_probability desc, record_id
    ) as candidate_rank,
    match_method,
    match_key,
    is_key_shared,
    match_probability,
    match_weight,
    match_reason
from best
"""


def write_match_candidates(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.match_candidates and return its rows. Reads prepared_records, record_keys, proposal_key_values.

    Grain: (proposal, record): manifest_id, proposal_key, object, record_id, candidate_rank (1 = best), match_method,
    match_key, is_key_shared, match_probability (1.0 = a key that one live record carries), match_weight
    (Splink's; NULL for keys), match_reason.
    A key names at most `CANDIDATES_PER_KEY` records. A record of another object (a lead where a contact is created) is
    only ever a candidate by likeness, and then shared.
    """
    open_run(con)
    con.execute("set variable candidates_per_key = ?", [CANDIDATES_PER_KEY])
    con.execute("set variable least_likely = ?", [LEAST_LIKELY])
    con.execute("set variable borrowed_below = ?", [BORROWED_BELOW])
    with lent(con, "role_keys", {"key": (pa.string(), _role_keys(con))}):
        for view in (_CONTRADICTED, _BY_ID, _KEY_HITS, _BY_KEY, _BY_LIKENESS):
            con.execute(view)
        con.execute(_CANDIDATES)
        con.execute("drop view candidates_by_likeness")
        con.execute(
            "drop view candidates_by_key; drop view key_hits; drop view candidates_by_id; drop view contradicted"
        )
    return count_rows(con, "facts.match_candidates")


def _role_keys(con: duckdb.DuckDBPyConnection) -> list[object]:
    query = "select distinct key from facts.proposal_key_values where key_kind = 'email'"
    return [key for key in fetch_columns(con, query)["key"] if isinstance(key, str) and is_role_address(key)]
