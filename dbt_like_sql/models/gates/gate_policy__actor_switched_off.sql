-- A suspended actor, or one switched off by command, writes nothing (FLD-7).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'actor_switched_off' as reason,
        to_json(struct_pack(actor := actor_id, status := actor_status)) as details
    from changes
    where
        is_action_row is not false
        and coalesce(actor_status, 'switched_off') in ('suspended', 'switched_off')

)

select * from final
