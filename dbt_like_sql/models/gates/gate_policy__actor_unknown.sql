-- An actor that is not registered writes nothing (FLD-7).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'actor_unknown' as reason,
        to_json(struct_pack(actor := actor_id, actor_type := actor_type)) as details
    from changes
    where
        is_action_row is not false
        and coalesce(actor_status, 'unknown') not in ('active', 'suspended', 'switched_off')

)

select * from final
