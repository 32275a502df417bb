-- A time that cannot be read proves nothing about age or order (CON-8).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'time_unreadable' as reason,
        to_json(struct_pack(submitted_at := submitted_at, read_at := read_at)) as details
    from changes
    where
        is_action_row is not false
        and has_unreadable_time is not false

)

select * from final
