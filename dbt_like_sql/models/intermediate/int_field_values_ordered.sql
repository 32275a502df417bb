-- Grain: value that stood in a field, in the order of its known writes within the policy's days, the value that stands
-- last (OVW-5). Equal neighbours are one: a write that two sources tell of is no change back.
with fields as (

    select
        standing.manifest_id,
        standing.object,
        standing.record_id,
        standing.field,
        coalesce(standing.normalized_value, '') as standing_value,
        manifests.clock_at - to_days(cast(settings.flapping_window_days as integer)) as window_starts_at
    from {{ source('facts', 'standing_values') }} as standing
    inner join {{ ref('stg_writeback__manifests') }} as manifests
        on standing.manifest_id is not distinct from manifests.manifest_id
    left join {{ source('policy', 'settings') }} as settings
        on manifests.policy_hash is not distinct from settings.policy_hash

),

-- Without a window nothing is too old. What a write replaced stood before it; nobody is known to have written that.
writes as (

    select
        fields.*,
        writes.origin,
        writes.position,
        writes.writer,
        writes.written_at,
        writes.has_value_before,
        coalesce(writes.value_before, '') as value_before,
        coalesce(writes.value_after, '') as value_after
    from fields
    inner join {{ ref('int_field_writes_gathered') }} as writes
        on {{ same_field('fields', 'writes') }}
    where
        writes.written_at is not null
        and (writes.written_at < fields.window_starts_at) is not true

),

stood as (

    select
        manifest_id,
        object,
        record_id,
        field,
        written_at,
        origin,
        position,
        1 as step,
        writer,
        value_after as field_value
    from writes
    union all
    select
        manifest_id,
        object,
        record_id,
        field,
        written_at,
        origin,
        position,
        0 as step,
        null as writer,
        value_before as field_value
    from writes
    where has_value_before
    union all
    select
        manifest_id,
        object,
        record_id,
        field,
        timestamp '9999-12-31' as written_at,
        'now' as origin,
        0 as position,
        1 as step,
        null as writer,
        standing_value as field_value
    from fields

),

numbered as (

    select
        *,
        row_number() over (
            partition by manifest_id, object, record_id, field
            order by written_at, origin, position, step
        ) as place
    from stood

),

compared as (

    select
        *,
        lag(field_value) over (partition by manifest_id, object, record_id, field order by place) as earlier_value
    from numbered

),

final as (

    select
        manifest_id,
        object,
        record_id,
        field,
        field_value,
        writer,
        row_number() over (partition by manifest_id, object, record_id, field order by place) as place
    from compared
    where
        place = 1
        or earlier_value is distinct from field_value

)

select * from final
