-- Grain: field of an update, with whether two sources keep overwriting each other there: A, B, A, B (OVW-5).
with changes as (

    select
        resolved.manifest_id,
        resolved.change_id,
        resolved.object,
        resolved.record_id,
        resolved.field,
        coalesce(resolved.normalized_value, '') as field_value,
        'source:' || coalesce(judged.source, '') as writer,
        coalesce((judged.severity_alone <= 1) is true and judged.is_already_so is not true, false) as would_be_written
    from {{ ref('int_changes_resolved') }} as resolved
    left join {{ ref('int_changes_judged_alone') }} as judged
        on resolved.change_id is not distinct from judged.change_id
    where
        resolved.is_action_row is false
        and resolved.effective_action is not distinct from 'update'
        and resolved.record_id is not null
        and resolved.field is not null

),

stood as (

    select * from {{ ref('int_field_values_ordered') }}

),

last_places as (

    select
        manifest_id,
        object,
        record_id,
        field,
        max(place) as last_place
    from stood
    group by manifest_id, object, record_id, field

),

-- Each wish of the run that would pass alone comes after what stood: it may be the one that goes back once more.
wished as (

    select * from stood
    union all
    select
        changes.manifest_id,
        changes.object,
        changes.record_id,
        changes.field,
        changes.field_value,
        changes.writer,
        last_places.last_place + 1 as place
    from changes
    inner join last_places
        on {{ same_field('changes', 'last_places') }}
    where changes.would_be_written

),

-- One source that changes its mind is no quarrel: of the last three writes at least two are not known to be one's own.
quarrels as (

    select distinct
        fourth.manifest_id,
        fourth.object,
        fourth.record_id,
        fourth.field
    from wished as fourth
    inner join stood as third
        on {{ same_field('fourth', 'third') }} and third.place = fourth.place - 1
    inner join stood as second
        on {{ same_field('fourth', 'second') }} and second.place = fourth.place - 2
    inner join stood as first
        on {{ same_field('fourth', 'first') }} and first.place = fourth.place - 3
    where
        fourth.field_value = second.field_value
        and third.field_value = first.field_value
        and fourth.field_value is distinct from third.field_value
        and (fourth.writer = third.writer and third.writer = second.writer) is not true

),

final as (

    select
        changes.change_id,
        {{ field_case_key('changes.object', 'changes.record_id', 'changes.field') }} as case_key,
        -- Of which nothing is known is not known to be calm.
        quarrels.field is not null or last_places.field is null as is_flapping
    from changes
    left join last_places
        on {{ same_field('changes', 'last_places') }}
    left join quarrels
        on {{ same_field('changes', 'quarrels') }}

)

select * from final
