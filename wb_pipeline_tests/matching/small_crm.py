"""A warehouse with a small CRM, brought to where pairs can be compared, and what its tables say. No expectations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import duckdb

from wb_pipeline.benchmarks.matching.our_matcher import load_policy_of_bench
from wb_pipeline.connectors.snapshot_sql import EMPTY_TABLES
from wb_pipeline.matching.bundle import shipped_bundle
from wb_pipeline.matching.crm_pairs import score_crm_pairs
from wb_pipeline.matching.decide import Costs
from wb_pipeline.matching.inputs import ObjectName, write_inputs
from wb_pipeline.matching.link import compare_pairs
from wb_pipeline.matching.prepare import PreparedCrm
from wb_pipeline.matching.propose import match_proposals
from wb_pipeline.matching.scorecard.score import write_pair_scores
from wb_pipeline.matching.scorecard.term_table import write_pair_terms
from wb_pipeline.matching.standing import domain_lists, stand_ready

Row = dict[str, object]
Record = tuple[str, str, dict[str, object]]
"""Object, record id, fields."""


def warehouse() -> duckdb.DuckDBPyConnection:
    """Open a warehouse with the default policy and an empty raw.crm_records."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute(EMPTY_TABLES)
    load_policy_of_bench(con)
    return con


def policy_of(con: duckdb.DuckDBPyConnection) -> str:
    """Return the hash of the policy that is loaded."""
    return con.execute("select any_value(policy_hash) from policy.matching_costs").fetchall()[0][0]


def stand(con: duckdb.DuckDBPyConnection, records: Iterable[Record], snapshot: str = "s") -> PreparedCrm:
    """Take the records as the whole CRM of a snapshot, prepared and counted."""
    rows = [(snapshot, kind, key, json.dumps(fields)) for kind, key, fields in records]
    con.execute("delete from raw.crm_records")
    if rows:
        con.executemany(
            "insert into raw.crm_records by name select ? as snapshot_hash, ? as object, ? as record_id, ? as fields,"
            " false as is_archived",
            rows,
        )
    return stand_ready(con, snapshot, policy_of(con))


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """Return a query's rows as dictionaries."""
    return con.sql(query).to_arrow_table().to_pylist()


def scored(
    con: duckdb.DuckDBPyConnection, name: ObjectName, snapshot: str = "s", *, changed_only: bool = False
) -> dict[tuple[str, str], Row]:
    """Score all pairs of one object and return its rows of matching.scored_pairs by their two ids."""
    score_crm_pairs(con, snapshot, name, changed_only=changed_only)
    found = rows_of(con, f"from matching.scored_pairs where object = '{name}' order by all")
    pairs = {(row["left_id"], row["right_id"]): row for row in found}
    assert len(pairs) == len(found)
    return pairs


def compare(con: duckdb.DuckDBPyConnection, name: ObjectName, pairs: Iterable[tuple[str, str]]) -> dict[str, Row]:
    """Compare exactly these pairs of record ids; return the terms and score of each by its left id."""
    con.execute(
        "create or replace table matching.numbered as select row_number() over (order by record_id)::integer as"
        f" record_number, * exclude (record_number) from matching.{name}_base"
    )
    write_inputs(con, name, "matching.numbered")
    con.execute("create or replace table asked (left_id varchar, right_id varchar)")
    con.executemany("insert into asked values (?, ?)", list(pairs))
    con.execute(
        """
        create or replace table matching.blocked_pairs as
        select least(l.record_number, r.record_number)::bigint as join_key_l,
            greatest(l.record_number, r.record_number)::bigint as join_key_r, '0' as match_key, 'asked' as blocking_rule
        from asked
        inner join matching.numbered as l on l.record_id = left_id
        inner join matching.numbered as r on r.record_id = right_id
        """
    )
    model = shipped_bundle().models[name]
    compare_pairs(con, name, model.splink, least_weight=None)
    write_pair_terms(con, name)
    write_pair_scores(con, name, model.card)
    found = rows_of(
        con,
        """
        select terms.*, scores.* exclude (record_number_l, record_number_r, match_weight), asked.left_id
        from matching.pair_terms as terms
        inner join matching.pair_scores as scores using (record_number_l, record_number_r)
        inner join matching.numbered as l on l.record_number = terms.record_number_l
        inner join matching.numbered as r on r.record_number = terms.record_number_r
        inner join asked
            on least(left_id, right_id) = least(l.record_id, r.record_id)
            and greatest(left_id, right_id) = greatest(l.record_id, r.record_id)
        """,
    )
    return {str(row["left_id"]): row for row in found}


def propose(
    con: duckdb.DuckDBPyConnection,
    name: ObjectName,
    proposals: Mapping[str, dict[str, object]],
    targets: Mapping[str, str] | None = None,
) -> dict[str, Row]:
    """Decide on proposals (id -> fields), some with a target's id; return the decision on each by its id."""
    con.execute("create or replace table given (record_id varchar, object varchar, fields varchar, is_live boolean)")
    con.executemany(
        "insert into given values (?, ?, ?, true)", [(k, name, json.dumps(f)) for k, f in proposals.items()]
    )
    con.execute("create or replace table given_targets (probe_id varchar, object varchar, record_id varchar)")
    if targets:
        con.executemany("insert into given_targets values (?, ?, ?)", [(k, name, t) for k, t in targets.items()])
    match_proposals(
        con, name, "given", costs=costs_of(con, name), lists=domain_lists(con, policy_of(con)), targets="given_targets"
    )
    return {str(row["probe_id"]): row for row in rows_of(con, "from matching.proposal_decisions")}


def costs_of(con: duckdb.DuckDBPyConnection, name: str) -> Costs:
    """Return the default policy's costs."""
    query = "select review_cost, wrong_match_cost, duplicate_cost, least_match_probability from policy.matching_costs"
    return Costs(*con.execute(f"{query} where object = ?", [name]).fetchall()[0])
