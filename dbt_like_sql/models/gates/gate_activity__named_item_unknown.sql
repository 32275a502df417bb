-- A message, meeting or recording that a log names and nobody has is not taken on trust (LOG-2).
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
        'named_item_unknown' as reason,
        to_json(struct_pack(unknown_ids := cast(evidence.unknown_ids as json))) as details
    from proposals
    left join evidence
        on proposals.proposal_key is not distinct from evidence.proposal_key
    where
        evidence.unknown_ids is distinct from '[]'

)

select * from final
