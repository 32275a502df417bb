-- A create that hits an existing record never changes what stands there (IDN-3).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'create_differs_from_record' as reason,
        to_json(struct_pack(record := record_id, field := field)) as details
    from changes
    where
        is_action_row is not true
        and action is not distinct from 'create'
        and effective_action is not distinct from 'update'
        and is_current_value_empty is not true
        and is_already_so is not true

)

select * from final
