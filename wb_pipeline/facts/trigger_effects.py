"""facts.trigger_effects: what each trigger would do to the CRM, one row per effect (TRG-4, HIA-3). Judges nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wb_pipeline.facts.current_run import count_rows, open_run
from wb_pipeline.facts.distinct_values import lent
from wb_pipeline.facts.known_names import KnownNames
from wb_pipeline.facts.workflow_effects import Workflow, effects_of_workflow, stated_effects

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.facts.workflow_effects import Effect

_TRIGGERS = """
create or replace temp table triggers as
select
    manifest_id, proposal_key, snapshot_hash, object,
    trim(json_extract_string(payload, '$.workflow_id')) as workflow_id,
    json_extract(payload, '$.effect')::varchar as effect,
    json_extract(payload, '$.params')::varchar as params
from (select * replace (try_cast(payload as json) as payload) from run_proposals where action = 'trigger')
"""
_STARTS = "select distinct manifest_id, snapshot_hash, object, workflow_id, effect, params from triggers"
_WORKFLOWS = """
select snapshot_hash, record_id, json_extract_string(fields, '$.status'), json_extract(fields, '$.effects')::varchar,
    json_extract_string(fields, '$.personas[*]'), lower(trim(json_extract_string(fields, '$.sends_email')))
from (select * replace (try_cast(fields as json) as fields) from raw.crm_records)
where object = 'workflow' and snapshot_hash in (select snapshot_hash from run_inputs)
"""
_EFFECTS = """
create or replace table facts.trigger_effects as
select
    triggers.manifest_id,
    triggers.proposal_key,
    effects.effect_ordinal,
    effects.effect,
    effects.object,
    effects.field,
    effects.value,
    effects.is_workflow_found,
    effects.workflow_status
from triggers
inner join start_effects as effects
    on
        effects.manifest_id = triggers.manifest_id
        and effects.start_object is not distinct from triggers.object
        and effects.workflow_id is not distinct from triggers.workflow_id
        and effects.stated_effect is not distinct from triggers.effect
        and effects.stated_params is not distinct from triggers.params
"""
_COLUMNS = {
    "manifest_id": pa.string(),
    "start_object": pa.string(),
    "workflow_id": pa.string(),
    "stated_effect": pa.string(),
    "stated_params": pa.string(),
    "effect_ordinal": pa.int64(),
    "effect": pa.string(),
    "object": pa.string(),
    "field": pa.string(),
    "value": pa.string(),
    "is_workflow_found": pa.bool_(),
    "workflow_status": pa.string(),
}


def write_trigger_effects(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.trigger_effects and return its rows; every trigger has at least one.

    Grain: (trigger, effect): manifest_id, proposal_key, effect_ordinal, effect (a known kind, else 'unknown'), object,
    field (the CRM's own name; as given where none is known), value (JSON), is_workflow_found, workflow_status.
    What the proposal itself states comes first, then what the workflow's record says, transitively.
    """
    open_run(con)
    con.execute(_TRIGGERS)
    rows = _rows(con)
    columns = {name: (kind, [row[i] for row in rows]) for i, (name, kind) in enumerate(_COLUMNS.items())}
    with lent(con, "start_effects", columns):
        con.execute(_EFFECTS)
    con.execute("drop table triggers")
    return count_rows(con, "facts.trigger_effects")


def _rows(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    workflows, names = workflows_of_run(con), KnownNames.of_run(con)
    rows: list[tuple[Any, ...]] = []
    for manifest_id, snapshot_hash, object_name, workflow_id, stated, params in con.execute(_STARTS).fetchall():
        known = workflows[snapshot_hash]
        status = known[workflow_id].status if workflow_id in known else None
        effects = stated_effects(stated, params) + effects_of_workflow(workflow_id, known)
        for ordinal, effect in enumerate(dict.fromkeys(effects)):
            described = _described(effect, manifest_id, object_name, names)
            start = (manifest_id, object_name, workflow_id, stated, params)
            rows.append((*start, ordinal, effect.kind, *described, workflow_id in known, status))
    return rows


def _described(
    effect: Effect, manifest_id: str, object_name: str | None, names: KnownNames
) -> tuple[str | None, str | None, str | None]:
    target = effect.object or object_name
    if effect.field is None:
        return target, None, effect.value
    return target, names.resolve(manifest_id, target, effect.field).field or effect.field, effect.value


def workflows_of_run(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Workflow]]:
    """Return the workflows of each snapshot of the run, by their ids. Needs the views of `open_run`."""
    workflows: dict[str, dict[str, Workflow]] = defaultdict(dict)
    for snapshot_hash, record_id, status, effects, personas, sends_email in con.execute(_WORKFLOWS).fetchall():
        named = tuple(each.strip().lower() for each in personas or () if each)
        # What is neither yes nor no may be a yes.
        sends = sends_email not in (None, "false", "no", "0", "")
        given = None if effects is None else json.loads(effects)
        workflows[snapshot_hash][record_id] = Workflow(status, given, named, sends)
    return workflows
