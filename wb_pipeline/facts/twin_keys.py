"""Creates that are alike share one key, so that one goes on and the others point to it (IDN-4). Scores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.facts.current_run import count_rows

if TYPE_CHECKING:
    import duckdb

# In doubt nobody goes on by itself: neither of two creates that may be one is told apart by chance.
_DOUBTS = """
update facts.likeness_decisions as decisions
set decision = 'review',
    match_reason = concat_ws('; ', decisions.match_reason, 'another proposal is like it: ' || doubted.reason)
from (
    select manifest_id, proposal_key, min(match_reason) as reason
    from facts.likely_twins where not is_certain group by all
) as doubted
where doubted.manifest_id = decisions.manifest_id and doubted.proposal_key = decisions.proposal_key
    and decisions.said_by = 'proposal' and decisions.decision = 'create'
"""
# Twins were found and are not here: nobody knows who they were.
_LOST = """
update facts.likeness_decisions as decisions set decision = 'review'
where said_by = 'proposal' and decision = 'create' and twins is distinct from (
    select count(*) from facts.likely_twins as twins
    where twins.manifest_id = decisions.manifest_id and twins.proposal_key = decisions.proposal_key
)
"""
# All that hang together by certain likeness, or by an exact key, take the smallest key; an earlier create's wins.
_KEYS = """
create or replace temp table create_nodes as
select manifest_id, proposal_key, object, coalesce(create_key, object || ':proposal:' || proposal_key) as own_key,
    own_key as key
from facts.proposal_keys inner join run_proposals using (manifest_id, proposal_key)
where action = 'create' and object in ('contact', 'lead', 'company')
"""
_SPREAD = """
create or replace temp table create_nodes as
with offered as (
    select manifest_id, proposal_key, key from create_nodes
    union all
    select twins.manifest_id, twins.proposal_key,
        if(starts_with(twin_key, 'earlier|'), ' ' || substr(twin_key, length('earlier|create|') + 1), others.key)
    from facts.likely_twins as twins
    left join create_nodes as others on others.manifest_id = twins.manifest_id and others.proposal_key = twins.twin_key
    where twins.is_certain
    union all
    select mine.manifest_id, mine.proposal_key, others.key
    from create_nodes as mine
    inner join create_nodes as others on others.manifest_id = mine.manifest_id and others.own_key = mine.own_key
)
select nodes.* replace (best.key as key)
from create_nodes as nodes
inner join (select manifest_id, proposal_key, min(key) as key from offered where key is not null group by all) as best
    using (manifest_id, proposal_key)
"""
_TAKE_KEYS = """
update facts.proposal_keys as keys set create_key = trim(nodes.key)
from create_nodes as nodes
where nodes.manifest_id = keys.manifest_id and nodes.proposal_key = keys.proposal_key
    and nodes.key <> nodes.own_key
"""
# Who lends the key bears it too.
_LEND_KEYS = """
update facts.proposal_keys as keys set create_key = nodes.key
from create_nodes as nodes
where nodes.manifest_id = keys.manifest_id and nodes.proposal_key = keys.proposal_key
    and keys.create_key is null and exists (
        select 1 from create_nodes as others
        where others.manifest_id = nodes.manifest_id and others.key = nodes.key
            and others.proposal_key <> nodes.proposal_key
    )
"""
_MOST_STEPS = 20


def write_twin_keys(con: duckdb.DuckDBPyConnection) -> int:
    """Give likely twins one create_key in facts.proposal_keys, send doubtful ones to review; return the creates.

    Reads facts.likely_twins, facts.proposal_keys, facts.likeness_decisions. A create without a key or twin keeps none.
    """
    con.execute(_DOUBTS)
    con.execute(_LOST)
    if not con.execute("select count(*) from facts.likely_twins where is_certain").fetchall()[0][0]:
        return 0
    con.execute(_KEYS)
    _spread_keys(con)
    con.execute(_TAKE_KEYS)
    con.execute(_LEND_KEYS)
    return count_rows(con, "create_nodes")


def _spread_keys(con: duckdb.DuckDBPyConnection) -> None:
    """Hand the smallest key on from twin to twin until nothing changes."""
    before = None
    for _ in range(_MOST_STEPS):
        con.execute(_SPREAD)
        now = con.execute("select bit_xor(hash(proposal_key, key)) from create_nodes").fetchall()
        if now == before:
            return
        before = now
