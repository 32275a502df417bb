"""How many live records are surplus: of the CRM, of what agents created, by workflow, by source (RPT-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# Of an entity's records all but the oldest are surplus: for a whole CRM that is records minus entities, and for the
# records of one agent those that it should not have created.
_RATES = """
create or replace temp table dedupe_rates as
with records as (
    select
        entities.object, entities.is_first, creators.record_id is not null as is_by_agent,
        coalesce(creators.actor_id, '(unknown)') as actor_id,
        coalesce(creators.workflow_id, '(unknown)') as workflow_id,
        coalesce(creators.source, '(unknown)') as source
    from dedupe_entities as entities
    left join dedupe_creators as creators
        on creators.record_object = entities.record_object and creators.record_id = entities.record_id
),

counted as (
    select object, 'crm' as scope, '(all)' as name, is_first from records
    union all
    select object, 'created_by_agents', '(all)', is_first from records where is_by_agent
    union all
    select object, 'actor', actor_id, is_first from records where is_by_agent
    union all
    select object, 'workflow', workflow_id, is_first from records where is_by_agent
    union all
    select object, 'source', source, is_first from records where is_by_agent
)

select object, scope, name, count(*) as records, count(*) filter (where not is_first) as surplus_records
from counted
group by object, scope, name
"""


def write_rates(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table dedupe_rates from dedupe_entities and dedupe_creators.

    Grain: (object, scope, name): scope `crm`, `created_by_agents` (both with name `(all)`), `actor`, `workflow`,
    `source`; records, surplus_records.
    """
    con.execute(_RATES)
