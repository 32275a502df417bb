-- A sensitive or high-impact action, every merge among them, waits for a person (HIA-1).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'action_needs_approval' as reason,
        to_json(struct_pack(object := object, action := effective_action)) as details
    from changes
    where
        is_action_row is not false
        and (action_class is distinct from 'safe' or is_high_impact is not false)

)

select * from final
