"""The project's own matching, called as the jobs call it, its results kept for measuring. No matching of its own."""

# ruff: noqa: S608 - every name put into a statement is ours; values are parameters

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching.outcomes import keep_decisions
from wb_pipeline.benchmarks.matching.scores import keep_scores
from wb_pipeline.benchmarks.matching.targets import keep_verdicts
from wb_pipeline.matching.bundle import Bundle, shipped_bundle
from wb_pipeline.matching.crm_pairs import score_crm_pairs
from wb_pipeline.matching.decide import Costs
from wb_pipeline.matching.prepare import prepare_crm
from wb_pipeline.matching.propose import match_proposals
from wb_pipeline.matching.renewal import renew_model
from wb_pipeline.matching.standing import domain_lists, stand_ready
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import load_policy
from wb_pipeline.policy.tables import load_policy_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from wb_pipeline.matching.inputs import ObjectName

METHOD = "ours"

_SCORES = "select left_id, right_id, match_probability, has_conflict from matching.scored_pairs where object = '{name}'"
_COSTS = """
select review_cost, wrong_match_cost, duplicate_cost, least_match_probability
from policy.matching_costs where object = ?
"""
# A create that may repeat an earlier one of the batch costs a duplicate with that probability.
_DECIDED = """
select
    probe_id,
    case when decision = 'create' and probe_id in (
        select greatest(left_id, right_id) from matching.proposal_twins
        where match_probability * {duplicate} > {review}
    ) then 'review' else decision end as decision,
    case when decision = 'match' then record_id end as record_id
from matching.proposal_decisions
"""
# As gate_identity__target_contradicted judges it: more likely right than not.
_LET_THROUGH = """
select cases.proposal_id, coalesce(checked.target_probability >= 0.5, false)
from labelled.target_cases as cases
left join matching.target_probabilities as checked on checked.probe_id = cases.proposal_id
where cases.batch = '{batch}' and cases.object = '{name}'
"""


def load_policy_of_bench(con: duckdb.DuckDBPyConnection) -> None:
    """Load the default policy's tables: what errors cost, which domains are whose."""
    load_policy_tables(con, [load_policy(default_policy_file())])


def prepare(con: duckdb.DuckDBPyConnection, snapshot_hash: str) -> None:
    """Prepare the CRM that raw.crm_records holds, with the default policy's domains."""
    prepare_crm(con, snapshot_hash, domains=domain_lists(con, _policy_hash(con)))


def stand(con: duckdb.DuckDBPyConnection, snapshot_hash: str) -> None:
    """Prepare the CRM and count its values, as a run does before it compares anything."""
    stand_ready(con, snapshot_hash, _policy_hash(con))


def score(con: duckdb.DuckDBPyConnection, snapshot_hash: str, name: ObjectName, bundle: Bundle | None = None) -> None:
    """Score all pairs of one object, with the models that ship or with others, and keep them as `ours`."""
    score_crm_pairs(con, snapshot_hash, name, bundle=bundle)
    keep_scores(con, METHOD, name, _SCORES.format(name=name))


def learn(con: duckdb.DuckDBPyConnection, snapshot_hash: str, name: ObjectName) -> Bundle:
    """Return the models that ship, one of them renewed by the CRM and by matching.labels, as `wb train` does."""
    shipped = shipped_bundle()
    model = shipped.models[name]
    renewed = renew_model(con, name, shipped=model, in_force=model, snapshot_hash=snapshot_hash)
    return Bundle(shipped.models | {name: renewed.model})


def decide(con: duckdb.DuckDBPyConnection, bundles: Mapping[str, Bundle]) -> None:
    """Decide all proposals of labelled.proposals as one batch, and keep the decisions as `ours`.

    `bundles` are the models that were learned from labels, by object; others are decided by those that ship.
    """
    parts = []
    for name in _objects(con):
        costs = _match(con, name, f"select * from labelled.proposals where object = '{name}'", bundle=bundles.get(name))
        table = f"ours_decided_{name}"
        decided = _DECIDED.format(duplicate=costs.duplicate, review=costs.review)
        con.execute(f"create or replace temp table {table} as {decided}")
        parts.append(f"select * from {table}")
    keep_decisions(con, METHOD, " union all ".join(parts))


def judge_targets(con: duckdb.DuckDBPyConnection, batch: str, bundles: Mapping[str, Bundle]) -> None:
    """Check the ids that one batch of labelled.target_cases gives against the evidence, and keep what became of them.

    An id is let through if its record is more likely meant than not.
    """
    for name in _objects(con):
        cases = f"select * from labelled.target_cases where object = '{name}' and batch = '{batch}'"
        given = f"(select proposal_id as probe_id, object, target_id as record_id from ({cases}))"
        _match(con, name, cases, targets=given, bundle=bundles.get(name))
        keep_verdicts(con, batch, _LET_THROUGH.format(batch=batch, name=name))


def _match(
    con: duckdb.DuckDBPyConnection,
    name: ObjectName,
    proposals: str,
    *,
    targets: str | None = None,
    bundle: Bundle | None = None,
) -> Costs:
    costs = Costs(*con.execute(_COSTS, [name]).fetchall()[0])
    source = f"select proposal_id as record_id, object, fields, true as is_live from ({proposals})"
    lists = domain_lists(con, _policy_hash(con))
    match_proposals(con, name, source, costs=costs, lists=lists, targets=targets, bundle=bundle)
    return costs


def _objects(con: duckdb.DuckDBPyConnection) -> list[ObjectName]:
    found = con.execute("select distinct object from labelled.proposals order by object").fetchall()
    return [name for (name,) in found]


def _policy_hash(con: duckdb.DuckDBPyConnection) -> str:
    return str(con.execute("select any_value(policy_hash) from policy.matching_costs").fetchall()[0][0])
