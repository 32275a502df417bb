-- A value is never replaced by nothing without a person (OVW-3).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'blank_over_value' as reason,
        to_json(struct_pack(field := field)) as details
    from changes
    where
        is_action_row is not true
        and is_new_value_empty is not false
        and is_current_value_empty is not true

)

select * from final
