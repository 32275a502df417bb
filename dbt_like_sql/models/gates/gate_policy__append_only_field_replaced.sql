-- An append-only field takes a first value; what stands there stays (FLD-4).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'append_only_field_replaced' as reason,
        to_json(struct_pack(field := field)) as details
    from changes
    where
        is_action_row is not true
        and is_append_only is not false
        and effective_action is not distinct from 'update'
        and operation is distinct from 'append'
        and is_current_value_empty is not true
        and is_already_so is not true

)

select * from final
