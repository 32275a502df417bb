"""facts.trigger_workflows, facts.trigger_persons: what a trigger starts, and for whom (TRG-1, TRG-2). Stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.current_run import count_rows, open_run
from wb_pipeline.facts.distinct_values import lent, lent_keys
from wb_pipeline.facts.opt_out_words import is_consent_field, stance
from wb_pipeline.facts.trigger_effects import workflows_of_run
from wb_pipeline.facts.trigger_repeats import open_enrolled, open_started_twice
from wb_pipeline.facts.workflow_chains import reachable
from wb_pipeline.facts.workflow_effects import stated_effects, writes_to_people
from wb_pipeline.normalize.places import country_code

if TYPE_CHECKING:
    import duckdb

_MAY_WRITE = ("enroll_sequence", "unknown")
_STARTS = """
create or replace temp table starts as
select proposals.manifest_id, proposals.proposal_key, proposals.snapshot_hash, proposals.object,
    trim(json_extract_string(try_cast(proposals.payload as json), '$.workflow_id')) as workflow_id,
    json_extract(try_cast(proposals.payload as json), '$.effect')::varchar as effect,
    json_extract(try_cast(proposals.payload as json), '$.params')::varchar as params,
    coalesce(best.record_id, proposals.target_id) as record_id, proposals.payload
from run_proposals as proposals
left join (
    select manifest_id, proposal_key, arg_min(record_id, (candidate_rank, record_id)) as record_id
    from facts.match_candidates group by all
) as best
    on best.manifest_id = proposals.manifest_id and best.proposal_key = proposals.proposal_key
where proposals.action = 'trigger'
"""
# Whoever started the same workflow on the same record earlier: approved, or waiting to be.
_EARLIER = """
create or replace temp table earlier_starts as
select runs.manifest_id, books.object, books.record_id,
    trim(json_extract_string(try_cast(books.new_value as json), '$.workflow_id')) as workflow_id,
    max(books.decided_at) as started_at
from raw.run_manifests as runs
inner join books.sealed_decisions as books
    on books.sealed_sequence <= runs.ledger_sequence and books.manifest_id <> runs.manifest_id
where books.is_action_row and books.action = 'trigger' and books.lane in ('auto', 'review')
    and runs.manifest_id in (select manifest_id from starts)
group by all
"""
_WORKFLOWS = """
create or replace table facts.trigger_workflows as
select
    starts.manifest_id,
    starts.proposal_key,
    started.started_id as workflow_id,
    started.is_started_directly,
    started.status as workflow_status,
    started.is_sequence or (started.is_started_directly and stated.is_sequence) as is_sequence,
    started.personas::json as recorded_personas,
    exists (
        select 1 from enrolled
        inner join persons_meant as persons
            on persons.object = enrolled.object and persons.record_id = enrolled.person_id
        where enrolled.snapshot_hash = starts.snapshot_hash and enrolled.workflow_id = started.started_id
            and persons.manifest_id = starts.manifest_id and persons.proposal_key = starts.proposal_key
    ) or exists (
        select 1 from enrolled_mailboxes as enrolled
        inner join mailboxes_meant as meant on meant.mailbox = enrolled.mailbox
        where enrolled.snapshot_hash = starts.snapshot_hash and enrolled.workflow_id = started.started_id
            and meant.manifest_id = starts.manifest_id and meant.proposal_key = starts.proposal_key
    ) as is_enrolled,
    twice.proposal_key is not null as is_started_twice,
    earlier.started_at as last_started_at
from starts
inner join started
    on started.snapshot_hash = starts.snapshot_hash and started.workflow_id is not distinct from starts.workflow_id
inner join stated
    on stated.effect is not distinct from starts.effect and stated.params is not distinct from starts.params
left join started_twice as twice
    on twice.manifest_id = starts.manifest_id and twice.proposal_key = starts.proposal_key
        and twice.started_id is not distinct from started.started_id
left join earlier_starts as earlier
    on earlier.manifest_id = starts.manifest_id and earlier.object = starts.object
        and earlier.record_id = starts.record_id and earlier.workflow_id = started.started_id
"""
# A workflow on a deal writes to its primary contact; of a company nobody can say whom it reaches.
_PERSONS = """
create or replace temp table trigger_records as
select starts.*, records.fields as own_fields,
    if(starts.object = 'deal', primary_contacts.fields, if(starts.object in ('contact', 'lead'), records.fields, null))
        as person_fields
from starts
left join (select * replace (try_cast(fields as json) as fields) from raw.crm_records) as records
    on records.snapshot_hash = starts.snapshot_hash and records.object = starts.object
        and records.record_id = starts.record_id
left join (select * replace (try_cast(fields as json) as fields) from raw.crm_records) as primary_contacts
    on primary_contacts.snapshot_hash = starts.snapshot_hash and primary_contacts.object = 'contact'
        and starts.object = 'deal' and primary_contacts.record_id = (records.fields ->> '$.primary_contact_id')
"""
_FACTS = """
create or replace table facts.trigger_persons as
select
    records.manifest_id,
    records.proposal_key,
    lower(trim(records.person_fields ->> '$.persona')) as persona,
    coalesce(nullif(lower(trim(
        records.own_fields ->> if(records.object = 'deal', '$.stage', '$.lifecycle_stage')
    )), ''), 'none') as stage,
    case when coalesce(trim(records.person_fields ->> '$.country'), '') = '' then 'none'
        else coalesce(countries.key, 'unknown') end as country,
    coalesce(trim(records.person_fields ->> '$.lawful_basis'), '') <> '' as has_lawful_basis,
    coalesce(lower(trim(records.person_fields ->> '$.email_status')) in ('bounced', 'invalid'), false) as has_bounced,
    coalesce(cleared.proposal_key is not null, false) as clears_opt_out
from trigger_records as records
left join countries on countries.given = records.person_fields ->> '$.country'
left join cleared
    on cleared.manifest_id = records.manifest_id and cleared.proposal_key = records.proposal_key
"""
_SETS = """
select effects.manifest_id, effects.proposal_key, effects.field, effects.value,
    effects.object is distinct from starts.object or coalesce(
        standing.is_opted_out or standing.is_opt_out_pending, true
    ) as may_be_opted_out
from facts.trigger_effects as effects
inner join starts on starts.manifest_id = effects.manifest_id and starts.proposal_key = effects.proposal_key
left join facts.person_standing as standing
    on standing.manifest_id = effects.manifest_id and standing.proposal_key = effects.proposal_key
where effects.effect = 'set_field' and effects.field is not null
"""


def write_trigger_standing(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.trigger_workflows and facts.trigger_persons; return the rows of the first.

    Reads facts.match_candidates, facts.trigger_effects, raw.crm_records, books, and what `write_person_standing`
    leaves: facts.person_standing and whom each proposal means, by record and mailbox.
    trigger_workflows grain (trigger, workflow that it starts, directly or in turn): manifest_id, proposal_key,
    workflow_id, is_started_directly, workflow_status, is_sequence (it writes to people, or nobody knows what it does,
    or the trigger says so), recorded_personas (JSON, of its record), is_enrolled (the person is in it already, by any
    record or mailbox), is_started_twice (another trigger of the run starts it on this record, or a sequence for this
    person), last_started_at (latest open start of it on the record, UTC; NULL = none).
    trigger_persons grain trigger: manifest_id, proposal_key, persona, stage (`none` = not said), country (two letters;
    `none` = not said, `unknown` = no country), has_lawful_basis, has_bounced, clears_opt_out (an effect undoes one).
    """
    open_run(con)
    con.execute(_STARTS)
    con.execute(_EARLIER)
    open_enrolled(con)
    con.execute(_PERSONS)
    countries = "select distinct person_fields ->> '$.country' as given from trigger_records"
    with (
        lent(con, "started", _started(con)),
        lent(con, "stated", _stated(con)),
        lent(con, "cleared", _cleared(con)),
        lent_keys(con, "countries", countries, country_code),
    ):
        open_started_twice(con)
        con.execute(_WORKFLOWS)
        con.execute(_FACTS)
    return count_rows(con, "facts.trigger_workflows")


def _started(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[pa.DataType, list[object]]]:
    """Return every workflow that each named one starts, itself first; one that is not found stands for itself."""
    workflows = workflows_of_run(con)
    rows: list[tuple[object, ...]] = []
    for snapshot_hash, workflow_id in con.execute("select distinct snapshot_hash, workflow_id from starts").fetchall():
        known = workflows[snapshot_hash]
        for started in [workflow_id, *sorted(reachable(workflow_id, known)[0] - {workflow_id})]:
            workflow = known.get(started)
            personas = canonical_json(list(workflow.personas) if workflow else [])
            status = workflow.status.strip().lower() if workflow and isinstance(workflow.status, str) else None
            common = (snapshot_hash, workflow_id, started, started == workflow_id, status)
            rows.append((*common, writes_to_people(workflow), personas))
    names = ("snapshot_hash", "workflow_id", "started_id", "is_started_directly", "status", "is_sequence", "personas")
    flags = {"is_started_directly", "is_sequence"}
    kinds = [pa.bool_() if name in flags else pa.string() for name in names]
    return {name: (kinds[i], [row[i] for row in rows]) for i, name in enumerate(names)}


def _stated(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[pa.DataType, list[object]]]:
    """Return what triggers say that they do beside their workflow, and whether that writes to people, or may."""
    pairs = con.execute("select distinct effect, params from starts").fetchall()
    writes = [any(each.kind in _MAY_WRITE for each in stated_effects(effect, params)) for effect, params in pairs]
    texts = {name: (pa.string(), [pair[i] for pair in pairs]) for i, name in enumerate(("effect", "params"))}
    return {**texts, "is_sequence": (pa.bool_(), writes)}


def _cleared(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[pa.DataType, list[object]]]:
    """Return the triggers with an effect that writes something other than an opt-out over what may be one."""
    found = {
        (manifest_id, proposal_key)
        for manifest_id, proposal_key, field, value, may_be_opted_out in con.execute(_SETS).fetchall()
        if may_be_opted_out and is_consent_field(field) and stance(field, value) != "out"
    }
    rows = sorted(found)
    return {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(("manifest_id", "proposal_key"))}
