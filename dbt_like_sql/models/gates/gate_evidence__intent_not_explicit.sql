-- A stage is moved only by what the buyer plainly signals, or by a state that the policy takes as a sign (EVD-7).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'intent_not_explicit' as reason,
        to_json(struct_pack(stage := changes.normalized_value, intent := supported.intent, finding := supported.open_reason)) as details
    from changes
    left join {{ ref('int_changes_supported') }} as supported
        on changes.change_id is not distinct from supported.change_id
    where
        changes.is_action_row is not true
        and coalesce(changes.field, 'stage') = 'stage'
        and coalesce(changes.object, 'deal') = 'deal'
        and supported.is_supported is not true
        and supported.is_cited is not false
        and changes.is_already_so is not true

)

select * from final
