"""Temporary table logged_activities: what each log says, under the CRM's own field names. Compares nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.facts.current_run import open_named_changes

if TYPE_CHECKING:
    import duckdb

# One name may come twice (`contact_id` and `Contact ID`): then every value counts, the smallest one stands for it.
_LOGGED = """
create or replace temp table logged_activities as
with said as (
    select manifest_id, proposal_key, if(field = 'type', 'activity_type', field) as field,
        trim(json_extract_string(try_cast(new_value as json), '$')) as value
    from named_changes
    where action = 'log' and field is not null
),
by_field as (
    select manifest_id, proposal_key, map_from_entries(list((field, entries) order by field)) as said
    from (
        select manifest_id, proposal_key, field, list(distinct value order by value) as entries
        from said where coalesce(value, '') <> '' group by all
    )
    group by all
)
select
    proposals.manifest_id, proposals.proposal_key, proposals.snapshot_hash, proposals.evidence_hash,
    proposals.policy_hash, proposals.batch_key,
    lower(said['activity_type'][1]) as kind,
    coalesce(said['contact_id'], []) as contact_ids,
    coalesce(said['company_id'], []) as company_ids,
    coalesce(said['deal_id'], []) as deal_ids,
    said['occurred_at'][1] as occurred_at,
    coalesce(said['subject'][1], '') as subject,
    coalesce(said['body'][1], '') as body,
    coalesce(said['attachments'][1], '') as attachments,
    said['outcome'][1] as outcome,
    coalesce(said['message_id'], []) as message_ids,
    coalesce(said['calendar_event_id'], []) as event_ids,
    coalesce(said['recording_id'], []) as recording_ids
from run_proposals as proposals
left join by_field
    on by_field.manifest_id = proposals.manifest_id and by_field.proposal_key = proposals.proposal_key
where proposals.action = 'log'
"""

# Message ids come with and without their angle brackets, and in any case.
PLAIN_ID = r"""lower(regexp_replace({text}, '^[<\s]+|[>\s]+$', '', 'g'))"""
"""SQL for an id of a message, event or recording in comparison form; `{text}` is an SQL expression of ours."""


def open_logged_activities(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table logged_activities. Reads facts.field_names.

    Grain: readable log. The keys and hashes of its proposal; kind (small letters; NULL = not said); contact_ids,
    company_ids, deal_ids, message_ids, event_ids, recording_ids (lists, as given); occurred_at (text), subject, body,
    attachments (JSON text), outcome.
    """
    open_named_changes(con)
    con.execute(_LOGGED)
