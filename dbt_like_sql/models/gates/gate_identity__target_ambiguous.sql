-- When several records answer to the target, a person chooses (IDN-1).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'target_ambiguous' as reason,
        to_json(struct_pack(candidates := cast(match_candidates as json))) as details
    from changes
    where
        is_action_row is not false
        and coalesce(record_state, 'ambiguous') = 'ambiguous'

)

select * from final
