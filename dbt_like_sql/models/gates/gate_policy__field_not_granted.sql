-- A field that the policy does not list for this object and action is denied (FLD-1, FLD-2).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'field_not_granted' as reason,
        to_json(struct_pack(object := object, action := effective_action, field := coalesce(field, field_as_given))) as details
    from changes
    where
        is_action_row is not true
        and is_granted is not true

)

select * from final
