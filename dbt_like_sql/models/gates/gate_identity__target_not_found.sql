-- An update, trigger or merge needs a record that exists (IDN-9).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'target_not_found' as reason,
        to_json(struct_pack(target := target_id)) as details
    from changes
    where
        is_action_row is not false
        and coalesce(record_state, 'not_found') not in ('found', 'new', 'archived', 'merged', 'ambiguous', 'no_target')

)

select * from final
