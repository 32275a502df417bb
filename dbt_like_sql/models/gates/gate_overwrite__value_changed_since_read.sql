-- Compare and set: what the actor saw must still be there (OVW-1).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'value_changed_since_read' as reason,
        to_json(struct_pack(field := field)) as details
    from changes
    where
        is_action_row is not true
        and has_seen_value is true
        and is_seen_value_current is not true
        and is_already_so is not true

)

select * from final
