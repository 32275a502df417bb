-- What did not take place is not logged as if it had: cancelled, missed, not answered, still to come (LOG-3).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'log') = 'log'

),

evidence as (

    select * from {{ source('facts', 'activity_evidence') }}

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'not_held' as reason,
        to_json(struct_pack(because := evidence.not_held_because, states := cast(evidence.states as json))) as details
    from proposals
    left join evidence
        on proposals.proposal_key is not distinct from evidence.proposal_key
    where
        evidence.not_held_because is not null
        -- Where nobody looked, it may not have been held.
        or evidence.states is null

)

select * from final
