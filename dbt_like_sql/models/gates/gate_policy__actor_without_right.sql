-- An actor writes only the objects, actions and fields it has rights for (FLD-7).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'actor_without_right' as reason,
        to_json(struct_pack(actor := actor_id, object := object, action := effective_action, field := field)) as details
    from changes
    where
        is_actor_allowed is not true

)

select * from final
