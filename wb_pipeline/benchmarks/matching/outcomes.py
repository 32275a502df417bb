"""Decisions on labelled proposals beside the truth: one table for every method, read as outcomes. Counts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching.proposal_metrics import ProposalOutcome

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.benchmarks.matching.split import Half

_TABLE = """
create table if not exists labelled.decisions (
    method varchar, proposal_id varchar, decision varchar, matched_id varchar
)
"""
# What a match names is a record of the CRM, or an earlier proposal of the batch.
ENTITIES = """
select object, record_id as id, entity_id from labelled.truth
union all
select object, proposal_id as id, entity_id from labelled.proposal_truth
"""
_OUTCOMES = f"""
select
    meant.object, meant.case_type, meant.entity_id, meant.is_in_crm, coalesce(decisions.decision, 'review'),
    matched.entity_id
from labelled.proposal_truth as meant
inner join labelled.proposal_halves as halves on halves.proposal_id = meant.proposal_id
left join labelled.decisions as decisions
    on decisions.method = $method and decisions.proposal_id = meant.proposal_id
left join ({ENTITIES}) as matched on matched.object = meant.object and matched.id = decisions.matched_id
where halves.half = $half
order by meant.proposal_id
"""  # noqa: S608 - our own query


def keep_decisions(con: duckdb.DuckDBPyConnection, method: str, query: str) -> None:
    """Keep the decisions of `query` (proposal id, decision, matched id) under a method's name.

    Writes labelled.decisions, grain: proposal per method: method, proposal_id, decision (match, review, create),
    matched_id (a record or an earlier proposal; null unless matched).
    """
    con.execute(_TABLE)
    con.execute("delete from labelled.decisions where method = ?", [method])
    con.execute(f"insert into labelled.decisions select ?, * from ({query})", [method])  # noqa: S608 - our own query


def outcomes(con: duckdb.DuckDBPyConnection, method: str, half: Half) -> list[ProposalOutcome]:
    """Return the outcomes of one half. A proposal without a decision counts as one for review: it was not automatic."""
    found = con.execute(_OUTCOMES, {"method": method, "half": half}).fetchall()
    return [ProposalOutcome(*row) for row in found]
