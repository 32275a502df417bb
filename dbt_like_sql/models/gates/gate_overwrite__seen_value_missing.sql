-- An actor that does not say what it saw may be overwriting what it never looked at (OVW-1).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'seen_value_missing' as reason,
        to_json(struct_pack(field := field)) as details
    from changes
    where
        is_action_row is not true
        and action is not distinct from 'update'
        and operation is distinct from 'append'
        and has_seen_value is not true
        and is_current_value_empty is not true
        and is_already_so is not true

)

select * from final
