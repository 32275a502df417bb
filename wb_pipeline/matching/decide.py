"""Match, review or create: what is best for a proposal, given how likely its candidates are and what errors cost.

A proposal is a ranking with abstention, not a pair: the best entity, the second best, and the chance that it is none of
them share one probability. What errors cost is the policy's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

JOB_CHANGE_ODDS = 0.1
"""Odds that a namesake at another firm is the same person after all: one new contact in ten changed jobs."""
MOST_NAMESAKES = 3
"""Among more bearers of a name a reviewer could not tell either who it is."""
NO_RIVAL_FROM = 0.9
"""A record that is so surely the given target's duplicate does not speak against it."""
TRUST_IN_TARGETS = 9.0
"""Odds that an id given by an agent is right, before anything is compared: nine in ten."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What an error costs, in reviews (policy.matching_costs)."""

    review: float
    wrong_match: float
    duplicate: float
    least_match_probability: float


def write_decisions(con: duckdb.DuckDBPyConnection, costs: Costs) -> None:
    """Write matching.proposal_decisions, target_probabilities and proposal_twins from the scored candidates.

    Decisions, grain: probe. probe_id, decision (match, create, review); object, record_id, match_probability,
    match_weight and match_reason of the best entity's best record; runner_up_probability (the second best entity's);
    new_probability (that it is none of them). Target probabilities, grain: probe that names a record. probe_id,
    record_number, target_odds, target_probability (that the named record is meant). Twins, grain: pair of probes that
    blocking found. left_id, right_id, match_probability, match_reason.
    """
    con.execute(_DECISIONS, _parameters(costs))
    con.execute(_TARGET_PROBABILITIES, {"trust": TRUST_IN_TARGETS, "same": NO_RIVAL_FROM})
    con.execute(_TWINS)


def _parameters(costs: Costs) -> dict[str, float]:
    return {
        "review": costs.review,
        "wrong": costs.wrong_match,
        "duplicate": costs.duplicate,
        "least": costs.least_match_probability,
        "namesakes": MOST_NAMESAKES,
        "job_change": JOB_CHANGE_ODDS,
    }


# One probability is shared out: the odds of each entity (its best record's), and one for "none of them".
_DECISIONS = """
create or replace table matching.proposal_decisions as
with entities as (
    select candidates.probe_number, groups.entity_rank,
        greatest(
            max(match_probability / (1 - least(match_probability, 1 - 1e-9))),
            case when bool_or(is_namesake) and any_value(bearers.namesakes) <= $namesakes then $job_change else 0 end
        ) as odds,
        arg_min(struct_pack(object := object, record_id := record_id, reason := match_reason, weight := match_weight),
            candidate_rank) as best
    from matching.proposal_candidates as candidates
    inner join matching.candidate_groups as groups using (probe_number, record_number)
    inner join (
        select probe_number, count(*) filter (where is_namesake) as namesakes
        from matching.proposal_candidates group by probe_number
    ) as bearers using (probe_number)
    group by all
),
shared as (
    select *, odds / (1 + sum(odds) over (partition by probe_number)) as probability,
        row_number() over (partition by probe_number order by odds desc, entity_rank) as place
    from entities
),
placed as (
    select probe_number,
        coalesce(max(probability) filter (where place = 1), 0) as match_probability,
        coalesce(max(probability) filter (where place = 2), 0) as runner_up_probability,
        1 - sum(probability) as none_probability,
        any_value(best) filter (where place = 1) as best
    from shared
    group by probe_number
),
asked as (
    select probes.record_id as probe_id, placed.*,
        coalesce(placed.match_probability, 0) as best_probability,
        coalesce(placed.none_probability, 1) as new_probability
    from matching.probe_base as probes
    left join placed on placed.probe_number = probes.record_number
)
select probe_id,
    case
        when best_probability >= $least and $wrong * (1 - best_probability) <= $review then 'match'
        when $duplicate * (1 - new_probability) <= $review then 'create'
        else 'review'
    end as decision,
    best.object, best.record_id, best_probability as match_probability, best.weight as match_weight,
    coalesce(runner_up_probability, 0) as runner_up_probability, new_probability, best.reason as match_reason
from asked
"""
# An agent's id is evidence too: it is right more often than not. Other entities that fit better speak against it.
_TARGET_PROBABILITIES = """
create or replace table matching.target_probabilities as
with rivals as (
    select candidates.probe_number,
        max(candidates.match_probability / (1 - least(candidates.match_probability, 1 - 1e-9))) as odds
    from matching.proposal_candidates as candidates
    inner join matching.asked_targets as asked on asked.probe_number = candidates.probe_number
    left join matching.pair_scores as pairs
        on pairs.record_number_l = least(asked.record_number, candidates.record_number)
        and pairs.record_number_r = greatest(asked.record_number, candidates.record_number)
    where candidates.record_number <> asked.record_number and coalesce(pairs.match_probability, 0) < $same
    group by 1
)
select probes.record_id as probe_id, asked.record_number,
    coalesce(scores.match_probability / (1 - least(scores.match_probability, 1 - 1e-9)), 0) * $trust as target_odds,
    target_odds / (1 + coalesce(rivals.odds, 0) + target_odds) as target_probability
from matching.asked_targets as asked
inner join matching.probe_base as probes on probes.record_number = asked.probe_number
left join matching.probe_scores as scores
    on scores.record_number_l = asked.probe_number and scores.record_number_r = asked.record_number
left join rivals on rivals.probe_number = asked.probe_number
"""
_TWINS = """
create or replace table matching.proposal_twins as
select l.record_id as left_id, r.record_id as right_id, scores.match_probability, scores.match_reason
from matching.probe_scores as scores
inner join matching.probe_base as l on l.record_number = scores.record_number_l
inner join matching.probe_base as r on r.record_number = scores.record_number_r
"""
