-- Where evidence is asked for or a passage is quoted, it must say the value plainly (EVD-7). Stages: intent_not_explicit.
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

-- A note may say more than a passage does; it must not state plainly what the passage leaves open.
final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'value_unsupported' as reason,
        to_json(struct_pack(field := changes.field, finding := supported.open_reason)) as details
    from changes
    left join {{ ref('int_changes_supported') }} as supported
        on changes.change_id is not distinct from supported.change_id
    where
        changes.is_action_row is not true
        and supported.is_supported is not true
        and supported.is_cited is not false
        and changes.is_already_so is not true
        and changes.is_new_value_empty is not true
        and changes.field is distinct from 'stage'
        and coalesce(changes.action, 'update') not in ('trigger', 'merge')
        and (
            (supported.is_evidence_asked is not false and coalesce(changes.action, 'update') <> 'log')
            or (supported.is_quoted is not false and coalesce(changes.effective_action, 'update') = 'update')
            or (supported.is_quoted is not false and supported.is_hedged is not false)
        )

)

select * from final
