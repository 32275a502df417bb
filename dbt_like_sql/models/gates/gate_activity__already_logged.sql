-- A call, meeting, email or note that the CRM has already is not logged again (LOG-1).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'log') = 'log'

),

twins as (

    select * from {{ source('facts', 'activity_twins') }}

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'already_logged' as reason,
        to_json(struct_pack(activity_id := twins.crm_activity_id)) as details
    from proposals
    left join twins
        on proposals.proposal_key is not distinct from twins.proposal_key
    where
        twins.crm_activity_id is not null
        -- What nobody compared may be there.
        or twins.activity_key is null

)

select * from final
