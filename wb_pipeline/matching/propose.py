"""Whom proposals mean: candidates from the CRM for each, ranked and grouped by entity. What follows is `decide`'s.

Exact keys are the road's (`facts.match_candidates`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.matching.blocking import block_between, block_within
from wb_pipeline.matching.bundle import Bundle, shipped_bundle
from wb_pipeline.matching.decide import Costs, write_decisions
from wb_pipeline.matching.inputs import ObjectName, write_inputs
from wb_pipeline.matching.link import compare_pairs
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.probes import write_probes
from wb_pipeline.matching.scorecard.score import write_pair_scores
from wb_pipeline.matching.scorecard.term_table import write_pair_terms

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.matching.bundle import ObjectModel
    from wb_pipeline.matching.models.comparison import Meaning
    from wb_pipeline.matching.prepare import DomainLists

CANDIDATES = 6
"""So many records are shown to a reviewer, and told apart as entities."""
LEAST_CANDIDATE = 0.00001
"""Less likely records are no candidates."""
SAME_ENTITY_FROM = 0.5
"""Two candidates that are more likely one entity than two do not compete."""
_TABLES = {"contact": "contacts", "company": "companies"}


def match_proposals(  # noqa: PLR0913 - two relations, and by what they are judged
    con: duckdb.DuckDBPyConnection,
    object_name: ObjectName,
    source: str,
    *,
    costs: Costs,
    lists: DomainLists,
    targets: str | None = None,
    bundle: Bundle | None = None,
) -> None:
    """Write matching.proposal_candidates, and `decide`'s proposal_decisions, proposal_twins and target_probabilities.

    `source`: relation with record_id (the proposal's key), object, fields (JSON text), is_live: what a proposal says of
    the record it means. `targets`: relation with probe_id, object, record_id: the record that an agent says it means.
    Needs `standing.stand_ready` before it.

    Candidates, grain: probe and record. probe_id, object, record_id; probe_number and record_number (their inputs);
    match_weight, match_probability, has_conflict, match_reason, field_weights (as in matching.pair_scores);
    is_namesake (the names agree); candidate_rank (1 is the likeliest).
    """
    model = (bundle or shipped_bundle()).models[object_name]
    write_probes(con, object_name, source, lists)
    rules = MODELS[object_name].rules
    block_between(con, "matching.probe_base", f"matching.{object_name}_base", rules)
    block_within(con, "matching.probe_base", rules, add=True)
    _add_targets(con, object_name, targets)
    _select_inputs(con, object_name)
    _score(con, object_name, model)
    con.execute("create or replace table matching.probe_scores as from matching.pair_scores")
    con.execute("create or replace table matching.probe_terms as from matching.pair_terms")
    _write_candidates(con, object_name)
    _group_candidates(con, object_name, model)
    write_decisions(con, costs)


def _add_targets(con: duckdb.DuckDBPyConnection, object_name: ObjectName, targets: str | None) -> None:
    """Write matching.asked_targets (probe_number, record_number), and have each of these pairs compared."""
    named = targets or "(select null::varchar as probe_id, null::varchar as object, null::varchar as record_id)"
    con.execute(
        f"""
        create or replace table matching.asked_targets as
        select distinct probes.record_number as probe_number, records.rowid::integer as record_number
        from {named} as named
        inner join matching.probe_base as probes on probes.record_id = named.probe_id
        inner join prepared.{_TABLES[object_name]} as records
            on records.record_id = named.record_id and records.object = named.object
        """  # noqa: S608 - our own names
    )
    con.execute(
        """
        insert into matching.blocked_pairs
        select probe_number, record_number, '0', 'given_id' from matching.asked_targets
        anti join matching.blocked_pairs on join_key_l = probe_number and join_key_r = record_number
        """
    )


def _select_inputs(con: duckdb.DuckDBPyConnection, object_name: ObjectName) -> None:
    """Write the inputs of the probes and of the records that blocking found for them."""
    con.execute(
        f"""
        create or replace table matching.selected_base as
        select * from matching.{object_name}_base
        where record_number in (select join_key_r from matching.blocked_pairs where join_key_r >= 0)
        union all by name
        select * from matching.probe_base
        """  # noqa: S608 - our own names
    )
    write_inputs(con, object_name, "matching.selected_base")


def _score(con: duckdb.DuckDBPyConnection, object_name: ObjectName, model: ObjectModel) -> None:
    # A proposal that agrees in nothing but the name may be a job changer's: Splink alone does not get to drop it.
    compare_pairs(con, object_name, model.splink, least_weight=None)
    write_pair_terms(con, object_name)
    write_pair_scores(con, object_name, model.card)


def _write_candidates(con: duckdb.DuckDBPyConnection, object_name: ObjectName) -> None:
    names = ", ".join(f"'{level}'" for level in _names_that(object_name, "agrees"))
    other_names = ", ".join(f"'{level}'" for level in _names_that(object_name, "conflicts"))
    con.execute(
        f"""
        create or replace table matching.proposal_candidates as
        select probes.record_id as probe_id, records.object, records.record_id,
            scores.record_number_l as probe_number, scores.record_number_r as record_number,
            scores.match_weight, scores.match_probability, scores.has_conflict, scores.match_reason,
            scores.field_weights, coalesce(terms.name in ({names}), false) as is_namesake,
            coalesce(terms.name in ({other_names}), false) as is_other_name,
            row_number() over (
                partition by scores.record_number_l
                order by scores.match_probability desc, records.object, records.record_id
            ) as candidate_rank
        from matching.probe_scores as scores
        inner join matching.{object_name}_inputs as probes on probes.record_number = scores.record_number_l
        inner join matching.{object_name}_inputs as records on records.record_number = scores.record_number_r
        left join matching.probe_terms as terms
            on terms.record_number_l = scores.record_number_l and terms.record_number_r = scores.record_number_r
        where scores.record_number_l < 0 and scores.record_number_r >= 0
            and scores.match_probability >= {LEAST_CANDIDATE}
        qualify candidate_rank <= {CANDIDATES}
        """  # noqa: S608 - our own names and numbers
    )


def _names_that(object_name: ObjectName, meaning: Meaning) -> list[str]:
    """Return the levels on which people's names agree, or conflict. Firms do not change jobs, and have many names."""
    if object_name == "company":
        return ["no such level"]
    name = next(comparison for comparison in MODELS[object_name].comparisons if comparison.name == "name")
    return [level.name for level in name.gammas().values() if level.meaning == meaning]


def _group_candidates(con: duckdb.DuckDBPyConnection, object_name: ObjectName, model: ObjectModel) -> None:
    """Write matching.candidate_groups: for each candidate the rank of the best candidate that is the same entity."""
    pairs = con.execute(
        """
        create or replace table matching.blocked_pairs as
        select distinct least(a.record_number, b.record_number)::bigint as join_key_l,
            greatest(a.record_number, b.record_number)::bigint as join_key_r,
            '0' as match_key, 'candidates' as blocking_rule
        from matching.proposal_candidates as a
        inner join matching.proposal_candidates as b
            on a.probe_number = b.probe_number and a.candidate_rank < b.candidate_rank
        union
        select least(asked.record_number, others.record_number), greatest(asked.record_number, others.record_number),
            '0', 'candidates'
        from matching.asked_targets as asked
        inner join matching.proposal_candidates as others
            on others.probe_number = asked.probe_number and others.record_number <> asked.record_number
        """
    ).fetchall()[0][0]
    if pairs:
        _score(con, object_name, model)
    else:
        # Most proposals of a small batch have one candidate or none; a score of nothing takes as long to plan.
        con.execute("create or replace table matching.pair_scores as from matching.probe_scores limit 0")
    con.execute(
        f"""
        create or replace table matching.candidate_groups as
        with same as (
            select candidates.probe_number, candidates.record_number, min(better.candidate_rank) as best_rank
            from matching.proposal_candidates as candidates
            inner join matching.proposal_candidates as better
                on better.probe_number = candidates.probe_number and better.candidate_rank < candidates.candidate_rank
            inner join matching.pair_scores as pairs
                on pairs.record_number_l = least(better.record_number, candidates.record_number)
                and pairs.record_number_r = greatest(better.record_number, candidates.record_number)
            where pairs.match_probability >= {SAME_ENTITY_FROM}
            group by 1, 2
        )
        select candidates.probe_number, candidates.record_number,
            coalesce(same.best_rank, candidate_rank) as entity_rank
        from matching.proposal_candidates as candidates
        left join same using (probe_number, record_number)
        """  # noqa: S608 - our own numbers
    )
