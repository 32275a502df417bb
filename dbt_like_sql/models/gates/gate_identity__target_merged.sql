-- A record that was merged away is re-pointed to the survivor, and a person looks (IDN-9).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'target_merged' as reason,
        to_json(struct_pack(target := target_id, survivor := record_id)) as details
    from changes
    where
        is_action_row is not false
        and coalesce(record_state, 'merged') = 'merged'

)

select * from final
