"""Which records agents created, and for which workflow and source, as far as books and CRM tell. Counts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# Between the creation of a record and the writing of its first fields lie seconds, rarely minutes.
_FIRST_WRITE_MINUTES = 10

# What a create of ours would be known by (`deed_key`): `create|contact:email:ana@acme.com`.
_APPROVED = """
create or replace temp view dedupe_approved_creates as
select
    substr(deed_key, 8) as create_key, actor_id, workflow_id, source, decided_at
from books.sealed_decisions
where
    is_action_row and effective_action = 'create' and lane = 'auto' and repeats_change_id is null
    and actor_type = 'ai_agent' and deed_key like 'create|%'
qualify row_number() over (partition by deed_key order by decided_at, change_id) = 1
"""
_KEYS = """
create or replace temp view dedupe_record_keys as
select object, record_id, created_at, unnest([
    object || ':email:' || lower(trim(given[1])),
    object || ':domain:' || lower(trim(given[2])),
    object || ':external_id:' || lower(trim(given[3]))
]) as create_key
from (
    select
        object, record_id, created_at,
        json_extract_string(fields, ['$.email', '$.domain', '$.external_id']) as given
    from raw.crm_records
    where snapshot_hash = getvariable('dedupe_snapshot') and object in ('contact', 'lead', 'company')
)
"""
# The CRM's own word: who wrote first, at the time of the creation, or what it says itself of the creator.
_FIRST_WRITERS = """
create or replace temp view dedupe_first_writers as
with records as (
    select
        object, record_id, created_at, field_writers, history,
        json_extract_string(extra, '$.created_by') as created_by
    from raw.crm_records
    where
        snapshot_hash = getvariable('dedupe_snapshot')
        and object in ('contact', 'lead', 'company')
        and (field_writers like '%agent:%' or history like '%agent:%' or extra like '%agent:%')
),

writes as (
    select object, record_id, created_at, unnest(json_extract(field_writers, '$.*')) as written from records
    union all
    select object, record_id, created_at, unnest(json_extract(history, '$[*]')) from records
),

firsts as (
    select
        object, record_id, created_at,
        arg_min(written ->> 'by', (try_cast(written ->> 'at' as timestamptz), written ->> 'by')) as first_by,
        min(try_cast(written ->> 'at' as timestamptz))::timestamp as first_at
    from writes
    where try_cast(written ->> 'at' as timestamptz) is not null
    group by all
)

select object, record_id, first_by as created_by
from firsts
where first_at <= created_at + to_minutes(getvariable('first_write_minutes'))
union all
select object, record_id, created_by from records where created_by is not null
"""
_CREATORS = """
create or replace temp table dedupe_creators as
with ours as (
    select keys.object, keys.record_id, approved.actor_id, approved.workflow_id, approved.source
    from dedupe_record_keys as keys
    inner join dedupe_approved_creates as approved
        on approved.create_key = keys.create_key and keys.created_at >= approved.decided_at
    qualify row_number() over (
        partition by keys.object, keys.record_id order by approved.decided_at, approved.create_key
    ) = 1
),

theirs as (
    select object, record_id, min(substr(created_by, 7)) as actor_id
    from dedupe_first_writers
    where created_by like 'agent:%'
    group by all
)

select
    object as record_object,
    record_id,
    coalesce(ours.actor_id, theirs.actor_id) as actor_id,
    ours.workflow_id,
    ours.source
from ours
full join theirs using (object, record_id)
"""


def write_creators(con: duckdb.DuckDBPyConnection, snapshot_hash: str) -> None:
    """Make the temporary table dedupe_creators from the snapshot's records and books.sealed_decisions.

    Grain: record that an agent created: record_object, record_id, actor_id, workflow_id and source (NULL unless the
    record came from a create that we let pass). A record is ours if it carries the key of such a create and was made
    after it was decided; else the CRM's first writer counts.
    """
    con.execute("set variable dedupe_snapshot = ?", [snapshot_hash])
    con.execute("set variable first_write_minutes = ?", [_FIRST_WRITE_MINUTES])
    for statement in (_APPROVED, _KEYS, _FIRST_WRITERS, _CREATORS):
        con.execute(statement)
    con.execute("drop view dedupe_first_writers; drop view dedupe_record_keys; drop view dedupe_approved_creates")
