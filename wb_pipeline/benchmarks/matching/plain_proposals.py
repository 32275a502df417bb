"""The baseline for proposals: the plain model's best candidate, matched above one threshold, else created."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from wb_pipeline.benchmarks.matching import plain_splink
from wb_pipeline.benchmarks.matching.outcomes import keep_decisions

if TYPE_CHECKING:
    import duckdb
    from splink import Linker

    from wb_pipeline.matching.inputs import ObjectName

_CANDIDATES = """
create or replace temp table plain_candidates as
select
    meant.proposal_id, meant.is_in_crm, halves.half, best.match_weight as score, best.record_id as matched_id,
    coalesce(matched.entity_id = meant.entity_id, false) as is_right
from labelled.proposal_truth as meant
inner join labelled.proposal_halves as halves on halves.proposal_id = meant.proposal_id
left join (
    select proposal_id, max(match_weight) as match_weight, arg_max(record_id, (match_weight, record_id)) as record_id
    from ({found})
    group by proposal_id
) as best on best.proposal_id = meant.proposal_id
left join labelled.truth as matched on matched.object = meant.object and matched.record_id = best.record_id
where meant.object = ?
"""


def decide_plainly(con: duckdb.DuckDBPyConnection, linkers: Mapping[ObjectName, Linker | None]) -> None:
    """Decide all labelled proposals with plain Splink, the threshold per object set on the development half.

    The threshold is the one with the fewest wrong matches and duplicates together. Without a linker nothing is found,
    so everything is created.
    """
    parts = []
    for (object_name,) in con.execute("select distinct object from labelled.proposals order by object").fetchall():
        found = _scored(con, object_name, linkers.get(object_name))
        con.execute(_CANDIDATES.format(found=found), [object_name])
        con.execute(f"create or replace temp table plain_candidates_{object_name} as from plain_candidates")
        threshold = _best_threshold(con)
        parts.append(
            f"""
            select
                proposal_id, case when score >= '{threshold}'::double then 'match' else 'create' end,
                case when score >= '{threshold}'::double then matched_id end
            from plain_candidates_{object_name}
            """  # noqa: S608 - our own names and a number
        )
    if parts:
        keep_decisions(con, plain_splink.METHOD, " union all ".join(parts))


def _scored(con: duckdb.DuckDBPyConnection, object_name: str, linker: Linker | None) -> str:
    """Return a query (proposal_id, record_id, match_weight) of the candidates that plain Splink finds."""
    if linker is None:
        return "select null as proposal_id, null as record_id, null as match_weight where false"
    records, proposals = f"plain_{object_name}", f"plain_{object_name}_proposals"
    plain_splink.write_fields(con, proposals, "proposal_id", "labelled.proposals", object_name)
    api = plain_splink.api_over(con)
    found = linker.inference.predict_between(api.register(records), api.register(proposals)).physical_name
    return f"""
        select
            case when left_is_record then record_id_r else record_id_l end as proposal_id,
            case when left_is_record then record_id_l else record_id_r end as record_id, match_weight
        from (
            select *, record_id_l in (select record_id from {records}) as left_is_record from {found}
        )
    """  # noqa: S608 - our own names and Splink's


def _best_threshold(con: duckdb.DuckDBPyConnection) -> float:
    """Return the score from which on the development half has the fewest wrong matches and duplicates."""
    query = """
        select coalesce(score, '-inf'::double), is_right, is_in_crm from plain_candidates where half = 'development'
    """
    columns = [np.asarray(column) for column in con.execute(query).fetchnumpy().values()]
    scores, is_right, is_in_crm = columns[0].astype(np.float64), columns[1].astype(bool), columns[2].astype(bool)
    tried = [*np.unique(scores[np.isfinite(scores)]).tolist(), math.inf]
    errors = [int((~is_right[scores >= score]).sum() + is_in_crm[scores < score].sum()) for score in tried]
    return float(tried[int(np.argmin(errors))])
