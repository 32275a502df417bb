"""Which scored pairs link two records, which may not, and the clusters that follow; SQL around `clusters`."""

# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wb_pipeline.dedupe.clusters import Bans, Links, find_clusters
from wb_pipeline.dedupe.compared_fields import compared_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb
    from numpy.typing import NDArray

# A person who said `different` is believed as long as both records read as they did then (HYG-3); one who said `same`,
# until somebody says otherwise: nobody becomes another person by changing jobs.
_STANDING = f"""
create or replace temp table dedupe_judgements as
with judged_records as (
    select
        records.object, records.record_id, records.age_rank,
        case records.object
            when 'contact' then {compared_text("contact", "raw_records.fields")}
            else {compared_text("company", "raw_records.fields")}
        end as compared
    from dedupe_records as records
    inner join raw.crm_records as raw_records
        on
            raw_records.snapshot_hash = $snapshot_hash
            and raw_records.object = records.record_object
            and raw_records.record_id = records.record_id
    where
        (records.object, records.record_id) in (select (object, left_id) from books.judged_pairs)
        or (records.object, records.record_id) in (select (object, right_id) from books.judged_pairs)
)

select
    judged.object, judged.left_id, judged.right_id, judged.is_same,
    lefts.age_rank as left_rank, rights.age_rank as right_rank
from books.judged_pairs as judged
inner join judged_records as lefts on lefts.object = judged.object and lefts.record_id = judged.left_id
inner join judged_records as rights on rights.object = judged.object and rights.record_id = judged.right_id
where
    judged.is_same
    or (
        sha256(judged.salt || lefts.compared) = judged.left_digest
        and sha256(judged.salt || rights.compared) = judged.right_digest
    )
"""
# Only what may matter is looked up: pairs that could link, and conflicts.
_PAIRS = """
create or replace temp table dedupe_pairs as
select
    pairs.object, pairs.left_id, pairs.right_id, pairs.blocking_rule, pairs.match_weight, pairs.match_probability,
    pairs.has_conflict is not false as has_conflict, pairs.conflict_reason, pairs.match_reason, pairs.field_weights,
    judged.is_same as is_judged_same, lefts.age_rank as left_rank, rights.age_rank as right_rank
from matching.scored_pairs as pairs
inner join policy.matching_costs as costs
    on costs.policy_hash = $policy_hash and costs.object = pairs.object
inner join dedupe_records as lefts on lefts.object = pairs.object and lefts.record_id = pairs.left_id
inner join dedupe_records as rights on rights.object = pairs.object and rights.record_id = pairs.right_id
left join dedupe_judgements as judged
    on judged.object = pairs.object and judged.left_id = pairs.left_id and judged.right_id = pairs.right_id
where
    pairs.snapshot_hash = $snapshot_hash
    and pairs.left_id < pairs.right_id
    and (pairs.match_probability >= costs.merge_candidate_from or judged.is_same is not null)
qualify row_number() over (
    partition by pairs.object, pairs.left_id, pairs.right_id
    order by pairs.match_probability desc, pairs.match_weight desc, pairs.blocking_rule
) = 1
"""
# What a person linked belongs to the picture, also where no blocking rule found it.
_PAIRS_UNSCORED = """
insert into dedupe_pairs by name
select
    object, left_id, right_id, false as has_conflict, is_same as is_judged_same, left_rank, right_rank,
    'A person said that both are the same.' as match_reason
from dedupe_judgements
anti join dedupe_pairs using (object, left_id, right_id)
where is_same
"""
_LINKS = """
select left_rank, right_rank, if(is_judged_same, 1.0, match_probability)::double
from dedupe_pairs
where object = $object and coalesce(is_judged_same, not has_conflict)
"""
# A conflict keeps two records apart also where the pair itself is far from the threshold: a third one may link them.
_BANS = """
select left_rank, right_rank from dedupe_judgements where object = $object and not is_same
union
select lefts.age_rank, rights.age_rank
from matching.scored_pairs as pairs
inner join dedupe_records as lefts on lefts.object = pairs.object and lefts.record_id = pairs.left_id
inner join dedupe_records as rights on rights.object = pairs.object and rights.record_id = pairs.right_id
anti join (from dedupe_judgements where is_same) as judged
    on judged.object = pairs.object and judged.left_id = pairs.left_id and judged.right_id = pairs.right_id
where pairs.snapshot_hash = $snapshot_hash and pairs.object = $object and pairs.has_conflict is not false
"""


# Pairs that were compared and found unlikely, between records that something links.
_DOUBTS = """
with linked as (
    select left_id as record_id, left_rank as age_rank from dedupe_pairs where object = $object
    union
    select right_id, right_rank from dedupe_pairs where object = $object
)

select lefts.age_rank as left_rank, rights.age_rank as right_rank, coalesce(pairs.match_probability, 0)::double
from matching.scored_pairs as pairs
inner join linked as lefts on lefts.record_id = pairs.left_id
inner join linked as rights on rights.record_id = pairs.right_id
anti join dedupe_pairs as likely
    on likely.object = pairs.object and likely.left_id = pairs.left_id and likely.right_id = pairs.right_id
where pairs.snapshot_hash = $snapshot_hash and pairs.object = $object
"""


def write_pairs(con: duckdb.DuckDBPyConnection, snapshot_hash: str, policy_hash: str) -> None:
    """Make the temporary tables dedupe_judgements and dedupe_pairs from dedupe_records, scored and judged pairs.

    dedupe_judgements grain: judgement that stands. dedupe_pairs grain: pair from the policy's `merge_candidate_from`
    on, or judged; has_conflict is true also where it is not known; is_judged_same is NULL where nobody judged.
    """
    con.execute(_STANDING, {"snapshot_hash": snapshot_hash})
    con.execute(_PAIRS, {"snapshot_hash": snapshot_hash, "policy_hash": policy_hash})
    con.execute(_PAIRS_UNSCORED)


def cluster_labels(con: duckdb.DuckDBPyConnection, snapshot_hash: str, object_name: str) -> NDArray[np.int64]:
    """Return for each live record of an object, oldest first, the age rank of the oldest one of its cluster."""
    ((records,),) = con.execute("select count(*) from dedupe_records where object = ?", [object_name]).fetchall()
    links = con.execute(_LINKS, {"object": object_name}).fetchnumpy()
    given = {"object": object_name, "snapshot_hash": snapshot_hash}
    bans = con.execute(_BANS, given).fetchnumpy()
    doubts = con.execute(_DOUBTS, given).fetchnumpy()
    left, right = (np.ma.getdata(column).astype(np.int64) for column in bans.values())
    return find_clusters(records, _links(links), Bans(left, right), _links(doubts))


def _links(found: Mapping[str, Any]) -> Links:
    left, right, probability = (np.ma.getdata(column) for column in found.values())
    return Links(left.astype(np.int64), right.astype(np.int64), probability.astype(np.float64))
