"""facts.cause_chains: what led to each proposal, as far as it and the books say (TRG-2). Stops nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.current_run import count_rows, open_run
from wb_pipeline.facts.distinct_values import lent
from wb_pipeline.facts.trigger_effects import workflows_of_run
from wb_pipeline.facts.workflow_chains import Cause, chain_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from wb_pipeline.facts.workflow_chains import Chain

_OWN = """
select proposals.manifest_id, proposals.proposal_key, proposals.snapshot_hash, lines.proposal_id,
    lines.causation_root, lines.causation_parent, lines.causation_depth, lines.causation_path,
    case when proposals.action = 'trigger'
        then trim(json_extract_string(try_cast(proposals.payload as json), '$.workflow_id')) end as starts
from run_proposals as proposals
inner join raw.proposal_lines as lines
    on lines.batch_key = proposals.batch_key and lines.proposal_key = proposals.proposal_key
order by proposals.manifest_id, proposals.proposal_key
"""
# What earlier batches say led to their proposals, and what those started, as far as anybody could name them.
_EARLIER = """
select manifests.manifest_id, books.proposal_id,
    books.causation ->> '$.root', books.causation ->> '$.parent', try_cast(books.causation ->> '$.depth' as bigint),
    (books.causation -> '$.path')::varchar as path,
    case when books.action = 'trigger'
        then trim(json_extract_string(try_cast(books.new_value as json), '$.workflow_id')) end
from raw.run_manifests as manifests
inner join books.sealed_decisions as books
    on books.sealed_sequence <= manifests.ledger_sequence and books.manifest_id <> manifests.manifest_id
where books.is_action_row and books.proposal_id is not null
    and manifests.manifest_id in (select manifest_id from run_inputs)
    and (books.action = 'trigger' or (books.causation ->> '$.parent') is not null)
    and exists (
        select 1 from raw.proposal_lines as lines
        where lines.causation_parent is not null and lines.batch_key in (select batch_key from run_inputs)
    )
order by all
"""


def write_cause_chains(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.cause_chains and return its rows. Reads raw.* and books.

    Grain: readable proposal: manifest_id, proposal_key, depth (steps that led to it, by whichever account has most),
    loop (`path_repeats`, `started_by_itself`, `workflows_in_a_ring`, `starts_what_led_to_it`, `parents_in_a_ring`;
    NULL = none), is_depth_false (it states fewer steps than its own path or its ancestors show).
    """
    open_run(con)
    workflows = workflows_of_run(con)
    own = con.execute(_OWN).fetchall()
    earlier: dict[str, dict[str, Cause]] = defaultdict(dict)
    for manifest_id, proposal_id, *said in con.execute(_EARLIER).fetchall():
        earlier[manifest_id].setdefault(proposal_id, _cause(*said))
    for manifest_id, _, _, proposal_id, *said in own:
        earlier[manifest_id][proposal_id] = _deepest(earlier[manifest_id].get(proposal_id), _cause(*said))
    found: list[tuple[str, str, Chain]] = []
    for manifest_id, proposal_key, snapshot_hash, proposal_id, *said in own:
        chain = chain_of(proposal_id, _cause(*said), earlier[manifest_id], workflows[snapshot_hash])
        found.append((manifest_id, proposal_key, chain))
    columns: dict[str, tuple[pa.DataType, Sequence[object]]] = {
        "manifest_id": (pa.string(), [row[0] for row in found]),
        "proposal_key": (pa.string(), [row[1] for row in found]),
        "depth": (pa.int64(), [row[2].depth for row in found]),
        "loop": (pa.string(), [row[2].loop for row in found]),
        "is_depth_false": (pa.bool_(), [row[2].is_depth_false for row in found]),
    }
    with lent(con, "chain_rows", columns):
        con.execute("create or replace table facts.cause_chains as from chain_rows")
    return count_rows(con, "facts.cause_chains")


def _deepest(one: Cause | None, other: Cause) -> Cause:
    """Return the stricter account of two under one id, whichever came first."""
    if one is None:
        return other
    return max(one, other, key=lambda cause: (cause.depth or 0, len(cause.path), cause.path, str(cause)))


def _cause(root: str | None, parent: str | None, depth: int | None, path: str | None, starts: str | None) -> Cause:
    return Cause(root, parent, depth, tuple(_ids(path)), starts or None)


def _ids(text: str | None) -> list[str]:
    found = json.loads(text) if text else None
    return [each.strip() for each in found if isinstance(each, str)] if isinstance(found, list) else []
