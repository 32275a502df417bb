"""Which breakers a run opens, read from the decisions it is about to seal (TRG-3). Counting is SQL's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.ledger.kinds_breakers import BreakerOpened

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.ledger.chain import NewEvent

# From the decisions themselves, on which the outcome checks passed: what is opened is what was held.
_OPENED = """
with spent as (
    select distinct unnest(cast(json_extract(objection, '$.details.budgets[*]') as json[])) as budget
    from (
        select unnest(cast(json_extract(objections, '$[*]') as json[])) as objection
        from main.int_changes_decided
        where manifest_id = $manifest_id and reason_codes like '%"budget_spent"%'
    )
    where json_extract_string(objection, '$.gate') = 'gate_trigger__budget_spent'
)
select
    json_extract_string(budget, '$.breaker'), json_extract_string(budget, '$.window'),
    cast(json_extract(budget, '$.used') as bigint), cast(json_extract(budget, '$.limit') as bigint)
from spent
order by all
"""


def breakers_opened(con: duckdb.DuckDBPyConnection, manifest_id: str) -> list[NewEvent]:
    """Return one event per breaker that the manifest's decisions open, by key."""
    rows = con.execute(_OPENED, {"manifest_id": manifest_id}).fetchall()
    return [
        BreakerOpened(manifest_id=manifest_id, window=window, used=used, limit=limit).about(key)
        for key, window, used, limit in rows
    ]
