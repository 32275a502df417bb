-- A right contact is no ticket for any company or deal: what a log names beside it must be theirs (LOG-2).
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
        'named_record_unrelated' as reason,
        to_json(struct_pack(unrelated_ids := cast(evidence.unrelated_ids as json))) as details
    from proposals
    left join evidence
        on proposals.proposal_key is not distinct from evidence.proposal_key
    where
        evidence.unrelated_ids is distinct from '[]'

)

select * from final
