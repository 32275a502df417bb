"""facts.likeness_decisions, likely_records, likely_twins: whom a proposal means where no key says it (IDN-2 to IDN-4).

The matching itself is `wb_pipeline.matching`; this module hands it what a run's proposals say and keeps what it found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.facts.current_run import count_rows, open_run
from wb_pipeline.matching.decide import Costs
from wb_pipeline.matching.propose import match_proposals
from wb_pipeline.matching.standing import domain_lists, stand_ready

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from wb_pipeline.matching.bundle import Bundle
    from wb_pipeline.matching.inputs import ObjectName

_OBJECTS: tuple[tuple[ObjectName, tuple[str, ...]], ...] = (("contact", ("contact", "lead")), ("company", ("company",)))
_TABLES = (
    """
    create or replace table facts.likeness_decisions (
        manifest_id varchar, proposal_key varchar, said_by varchar, decision varchar, object varchar, record_id varchar,
        match_probability double, runner_up_probability double, new_probability double, match_weight double,
        match_reason varchar, target_probability double, twins bigint
    )
    """,
    """
    create or replace table facts.likely_records (
        manifest_id varchar, proposal_key varchar, said_by varchar, object varchar, record_id varchar,
        candidate_rank bigint, match_probability double, match_weight double, match_reason varchar,
        field_weights varchar, is_other_name boolean
    )
    """,
    """
    create or replace table facts.likely_twins (
        manifest_id varchar, proposal_key varchar, twin_key varchar, is_certain boolean, match_probability double,
        match_reason varchar
    )
    """,
)
# One manifest at a time: its decisions follow from its own inputs, whatever else the run decides (law 4).
_MANIFESTS = """
select manifest_id, snapshot_hash, policy_hash, model_hash, ledger_sequence
from raw.run_manifests as manifests
where manifest_id in (select manifest_id from facts.identity_statements where fields is not null)
order by all
"""
# What a run says, and creates of earlier batches that were not stopped: they are, or may become, records (IDN-4).
_SOURCE = """
create or replace table matching.statements as
select distinct statements.statement_key as record_id, statements.object, statements.fields, true as is_live
from facts.identity_statements as statements
where statements.manifest_id = $manifest and statements.fields is not null
    and list_contains($objects, statements.object)
union all
select 'earlier|' || deed_key, object, max(new_value), true
from books.sealed_decisions
where sealed_sequence <= $sequence and manifest_id <> $manifest and is_action_row and effective_action = 'create'
    and proposal_lane in ('auto', 'review') and deed_key is not null and list_contains($objects, object)
group by deed_key, object
"""
_TARGETS = """
create or replace table matching.statement_targets as
select distinct statements.statement_key as probe_id, proposals.object, proposals.target_id as record_id
from facts.identity_statements as statements
inner join run_proposals as proposals
    on proposals.manifest_id = statements.manifest_id and proposals.proposal_key = statements.proposal_key
where proposals.target_id is not null and proposals.action is distinct from 'create'
"""
_KEEP = """
insert into facts.likeness_decisions
select statements.manifest_id, statements.proposal_key, statements.said_by, decisions.decision, decisions.object,
    decisions.record_id, decisions.match_probability, decisions.runner_up_probability, decisions.new_probability,
    decisions.match_weight, decisions.match_reason, targets.target_probability, 0
from matching.proposal_decisions as decisions
inner join facts.identity_statements as statements on statements.statement_key = decisions.probe_id
left join matching.target_probabilities as targets on targets.probe_id = decisions.probe_id;
insert into facts.likely_records
select statements.manifest_id, statements.proposal_key, statements.said_by, candidates.object, candidates.record_id,
    candidates.candidate_rank, candidates.match_probability, candidates.match_weight, candidates.match_reason,
    candidates.field_weights, candidates.is_other_name
from matching.proposal_candidates as candidates
inner join facts.identity_statements as statements on statements.statement_key = candidates.probe_id
"""
_KEEP_TWINS = """
insert into facts.likely_twins
with both_ways as (
    select left_id, right_id, match_probability, match_reason from matching.proposal_twins
    union all
    select right_id, left_id, match_probability, match_reason from matching.proposal_twins
),
said as (
    select statements.* from facts.identity_statements as statements
    inner join run_proposals as proposals
        on proposals.manifest_id = statements.manifest_id and proposals.proposal_key = statements.proposal_key
    where proposals.action = 'create' and statements.said_by = 'proposal'
)
select mine.manifest_id, mine.proposal_key,
    coalesce(other.proposal_key, both_ways.right_id) as twin_key,
    match_probability >= $least and $wrong * (1 - match_probability) <= $review as is_certain,
    match_probability, match_reason
from both_ways
inner join said as mine on mine.statement_key = both_ways.left_id
left join said as other on other.statement_key = both_ways.right_id and other.object = mine.object
where (other.proposal_key is not null or starts_with(both_ways.right_id, 'earlier|' || 'create|' || mine.object || ':'))
    and $duplicate * match_probability >= $review
"""
# So that twins that got lost on the way are missed (law 1).
_COUNT_TWINS = """
update facts.likeness_decisions as decisions set twins = counted.twins
from (select manifest_id, proposal_key, count(*) as twins from facts.likely_twins group by all) as counted
where counted.manifest_id = decisions.manifest_id and counted.proposal_key = decisions.proposal_key
    and decisions.said_by = 'proposal'
"""


def write_likeness(con: duckdb.DuckDBPyConnection, read_model: Callable[[str], Bundle]) -> int:
    """Write facts.likeness_decisions, facts.likely_records and facts.likely_twins; return the decisions.

    `read_model` gives the matching model by the hash in a manifest.
    Reads facts.identity_statements, raw.crm_records, policy.* and books. likeness_decisions, grain statement:
    decision match | review | create, the best record with its probability, target_probability, how sure it is that the
    target that an agent named is meant (NULL without one), and twins, how many creates are like it. likely_records,
    grain (statement, record): the candidates. likely_twins, grain (create, twin): creates of the run, or open ones of
    earlier batches (`earlier|<deed>`), that are alike; is_certain = so alike that only one may go on.
    """
    open_run(con)
    for table in _TABLES:
        con.execute(table)
    con.execute("create schema if not exists matching")
    con.execute(_TARGETS)
    for manifest, snapshot, policy, model_hash, sequence in con.execute(_MANIFESTS).fetchall():
        stand_ready(con, snapshot, policy)
        for object_name, objects in _OBJECTS:
            asked = {"manifest": manifest, "sequence": sequence, "objects": list(objects)}
            _match(con, object_name, policy, asked, read_model(model_hash))
    con.execute(_COUNT_TWINS)
    return count_rows(con, "facts.likeness_decisions")


def _match(
    con: duckdb.DuckDBPyConnection, object_name: ObjectName, policy: str, asked: dict[str, object], bundle: Bundle
) -> None:
    con.execute(_SOURCE, asked)
    if not con.execute("select count(*) from matching.statements where record_id not like 'earlier|%'").fetchall()[0][
        0
    ]:
        return
    costs = matching_costs(con, policy, object_name)
    match_proposals(
        con,
        object_name,
        "matching.statements",
        costs=costs,
        lists=domain_lists(con, policy),
        targets="matching.statement_targets",
        bundle=bundle,
    )
    con.execute(_KEEP)
    con.execute(
        _KEEP_TWINS,
        {
            "least": costs.least_match_probability,
            "wrong": costs.wrong_match,
            "review": costs.review,
            "duplicate": costs.duplicate,
        },
    )


def matching_costs(con: duckdb.DuckDBPyConnection, policy_hash: str, object_name: str) -> Costs:
    """Return what errors cost by a policy; without a row every doubt goes to review."""
    rows = con.execute(
        """
        select review_cost, wrong_match_cost, duplicate_cost, least_match_probability
        from policy.matching_costs where policy_hash = ? and object = ?
        """,
        [policy_hash, object_name],
    ).fetchall()
    return Costs(*rows[0]) if rows else Costs(1.0, 1e9, 1e9, 1.0)
