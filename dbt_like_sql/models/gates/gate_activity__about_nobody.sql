-- An activity about no contact, company or deal helps nobody: a person says whose it is (LOG-2).
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
        'about_nobody' as reason,
        to_json(struct_pack(kind := evidence.kind)) as details
    from proposals
    left join evidence
        on proposals.proposal_key is not distinct from evidence.proposal_key
    where
        evidence.is_about_somebody is not true

)

select * from final
