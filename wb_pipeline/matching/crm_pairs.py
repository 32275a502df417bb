"""matching.scored_pairs: the CRM's records compared with each other. What follows from a score is `dedupe`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.matching.blocking import RuleCount, block_between, block_within
from wb_pipeline.matching.bundle import Bundle, shipped_bundle
from wb_pipeline.matching.inputs import ObjectName, write_inputs
from wb_pipeline.matching.link import CERTAIN_NON_MATCH, compare_pairs
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.scorecard.score import write_pair_scores
from wb_pipeline.matching.scorecard.term_table import write_pair_terms

if TYPE_CHECKING:
    import duckdb

SECOND_STAGE_FOR_ALL = 200_000
"""Up to so many records all pairs go through the second stage: Splink's weights lose one true pair in twenty there."""
_COLUMNS = """
    snapshot_hash varchar, object varchar, left_id varchar, right_id varchar, blocking_rule varchar,
    match_weight double, match_probability double, has_conflict boolean, conflict_reason varchar,
    match_reason varchar, field_weights varchar
"""
_CHANGED_ONES = """
create or replace table matching.probes as
select * from matching.compared_records semi join matching.changed_records using (record_id)
"""
# Two changed records find each other from both sides; a record never meets itself.
_EACH_PAIR_ONCE = """
create or replace table matching.blocked_pairs as
select least(join_key_l, join_key_r) as join_key_l, greatest(join_key_l, join_key_r) as join_key_r,
    min(match_key) as match_key, arg_min(blocking_rule, match_key::integer) as blocking_rule
from matching.blocked_pairs where join_key_l <> join_key_r group by 1, 2
"""
_RECORDS_IN_PAIRS = """
create or replace table matching.probes as
select * from matching.compared_records where record_number in (
    select join_key_l from matching.blocked_pairs union select join_key_r from matching.blocked_pairs
)
"""
_FORGET_SCORES = """
delete from matching.scored_pairs where object = $object and (
    left_id not in (select record_id from matching.compared_records)
    or right_id not in (select record_id from matching.compared_records)
    or left_id in (from matching.changed_records) or right_id in (from matching.changed_records)
)
"""
_KEEP_SCORES = """
insert into matching.scored_pairs
select $snapshot, $object, least(l.record_id, r.record_id), greatest(l.record_id, r.record_id),
    pairs.blocking_rule, scores.match_weight, scores.match_probability, scores.has_conflict,
    scores.conflict_reason, scores.match_reason, scores.field_weights
from matching.pair_scores as scores
inner join matching.compared_records as l on l.record_number = scores.record_number_l
inner join matching.compared_records as r on r.record_number = scores.record_number_r
inner join matching.blocked_pairs as pairs
    on pairs.join_key_l = scores.record_number_l and pairs.join_key_r = scores.record_number_r
"""
# Leads are people too. Where a lead bears a contact's very id, the pair could not be told from a record's with itself.
_WHICH = {
    "contact": "where object = 'contact'"
    " or record_id not in (select record_id from prepared.contacts where object = 'contact')",
    "company": "",
}


def score_crm_pairs(
    con: duckdb.DuckDBPyConnection,
    snapshot_hash: str,
    object: ObjectName,  # noqa: A002 - the word of the contract
    *,
    changed_only: bool = False,
    bundle: Bundle | None = None,
) -> list[RuleCount]:
    """Write matching.scored_pairs of one object (the other's rows stay) and return what each blocking rule found.

    Grain: pair of live records, left_id < right_id. Needs `standing.stand_ready` before it. With `changed_only` pairs
    of two records that are as they were when they were last scored, by this very model, keep their scores, although
    a value may have become rarer or more common since then.
    """
    model = (bundle or shipped_bundle()).models[object]
    con.execute(f"create table if not exists matching.scored_pairs ({_COLUMNS})")
    con.execute(
        "create table if not exists matching.scored_records"
        " (object varchar, record_id varchar, seen_as ubigint, model_hash varchar)"
    )
    model_hash = (bundle or shipped_bundle()).model_hash
    _number(con, object)
    _find_changed(con, object, model_hash if changed_only else "")
    counts = _block(con, object)
    compare_pairs(con, object, model.splink, least_weight=_least_weight(con))
    write_pair_terms(con, object)
    write_pair_scores(con, object, model.card)
    _exchange(con, snapshot_hash, object, model_hash)
    return counts


def _least_weight(con: duckdb.DuckDBPyConnection) -> float | None:
    """Return from which of Splink's weights the second stage is asked: in a CRM that is not large, always."""
    records = con.execute("select count(*) from matching.compared_records").fetchall()[0][0]
    return None if records <= SECOND_STAGE_FOR_ALL else CERTAIN_NON_MATCH


def _number(con: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Replace the view matching.compared_records: the base's rows, and a hash of all that a comparison sees of each."""
    firm = "hash(company_id, orgs, employers)" if object_name == "contact" else "hash(orgs)"
    con.execute(
        f"""
        create or replace view matching.compared_records as
        select hash(fields_hash, {firm}) as seen_as, *
        from matching.{object_name}_base {_WHICH[object_name]}
        """  # noqa: S608 - our own names
    )


def _find_changed(con: duckdb.DuckDBPyConnection, object_name: str, model_hash: str) -> None:
    con.execute(
        """
        create or replace table matching.changed_records as
        select record_id from matching.compared_records
        anti join (select * from matching.scored_records where object = $object and model_hash = $model) as known
            using (record_id, seen_as)
        """,
        {"object": object_name, "model": model_hash},
    )


def _block(con: duckdb.DuckDBPyConnection, object_name: ObjectName) -> list[RuleCount]:
    rules = MODELS[object_name].rules
    changed, records = con.execute(
        "select (select count(*) from matching.changed_records), (select count(*) from matching.compared_records)"
    ).fetchall()[0]
    if changed == records:
        counts = block_within(con, "matching.compared_records", rules)
        write_inputs(con, object_name, "matching.compared_records")
        return counts
    con.execute(_CHANGED_ONES)
    counts = block_between(con, "matching.probes", "matching.compared_records", rules)
    con.execute(_EACH_PAIR_ONCE)
    con.execute(_RECORDS_IN_PAIRS)
    write_inputs(con, object_name, "matching.probes")
    return counts


def _exchange(con: duckdb.DuckDBPyConnection, snapshot_hash: str, object_name: str, model_hash: str) -> None:
    """Put the new scores in the place of those of changed and vanished records, in one transaction."""
    con.execute("begin")
    con.execute(_FORGET_SCORES, {"object": object_name})
    con.execute(
        "update matching.scored_pairs set snapshot_hash = $snapshot where object = $object",
        {"object": object_name, "snapshot": snapshot_hash},
    )
    con.execute(_KEEP_SCORES, {"object": object_name, "snapshot": snapshot_hash})
    con.execute("delete from matching.scored_records where object = $object", {"object": object_name})
    con.execute(
        "insert into matching.scored_records select $object, record_id, seen_as, $model from matching.compared_records",
        {"object": object_name, "model": model_hash},
    )
    con.execute("commit")
