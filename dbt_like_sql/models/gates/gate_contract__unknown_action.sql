-- An action outside the contract's list, delete above all, is denied (CON-6).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'unknown_action' as reason,
        to_json(struct_pack(action := action)) as details
    from changes
    where
        is_action_known is not true

)

select * from final
