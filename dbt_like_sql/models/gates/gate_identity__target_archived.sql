-- A deleted record is neither written nor made again behind its deletion (IDN-9).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'target_archived' as reason,
        to_json(struct_pack(target := target_id, candidates := cast(match_candidates as json))) as details
    from changes
    where
        is_action_row is not false
        and coalesce(record_state, 'archived') = 'archived'

)

select * from final
