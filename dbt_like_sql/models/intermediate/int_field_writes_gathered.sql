-- Grain: known write of a field that a proposal of the run names: from the CRM's history and last-writer metadata, and
-- our own automatic ones. The same write may stand here from both.
with standing as (

    select * from {{ source('facts', 'standing_values') }}

),

crm_writes as (

    select
        manifest_id,
        object,
        record_id,
        field,
        unnest(cast(json_extract(writes, '$[*]') as varchar[])) as write,
        unnest(range(cast(coalesce(json_array_length(writes), 0) as bigint))) as position
    from standing

),

own_writes as (

    select
        *,
        row_number() over (
            partition by manifest_id, object, record_id, field
            order by sealed_sequence desc, change_id desc
        ) as place_from_last
    from {{ ref('stg_books__earlier_changes') }}
    where
        lane is not distinct from 'auto'
        and effective_action is not distinct from 'update'
        and operation is not distinct from 'set'
        and field is not null

),

final as (

    select
        manifest_id,
        object,
        record_id,
        field,
        'crm' as origin,
        cast(position as bigint) as position,
        {{ json_text_at('write', 'writer') }} as writer,
        coalesce({{ json_text_at('write', 'kind') }}, 'unknown') as writer_kind,
        cast(null as varchar) as source,
        try_cast({{ json_text_at('write', 'at') }} as timestamp) as written_at,
        {{ json_text_at('write', 'before') }} as value_before,
        json_exists(write, '$.before') as has_value_before,
        {{ json_text_at('write', 'after') }} as value_after,
        false as is_last_own
    from crm_writes
    union all
    select
        own_writes.manifest_id,
        own_writes.object,
        own_writes.record_id,
        own_writes.field,
        'books' as origin,
        own_writes.sealed_sequence as position,
        -- What we write is told apart by where it comes from.
        'source:' || coalesce(own_writes.source, '') as writer,
        if(own_writes.actor_type is not distinct from 'user', 'user', 'agent') as writer_kind,
        own_writes.source,
        own_writes.decided_at as written_at,
        {{ json_text('own_writes.old_value') }} as value_before,
        true as has_value_before,
        {{ json_text('own_writes.new_value') }} as value_after,
        own_writes.place_from_last = 1 as is_last_own
    from own_writes
    inner join standing
        on {{ same_field('own_writes', 'standing') }}

)

select * from final
