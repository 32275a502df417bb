-- What the policy does not grant is denied (FLD-1).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'action_not_granted' as reason,
        to_json(struct_pack(object := object, action := effective_action)) as details
    from changes
    where
        is_action_row is not false
        and is_granted is not true

)

select * from final
