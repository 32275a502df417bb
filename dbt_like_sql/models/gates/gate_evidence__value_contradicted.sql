-- What is cited says something else than what is to be written (EVD-7).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'value_contradicted' as reason,
        to_json(struct_pack(
            field := changes.field,
            evidence_id := supported.contradicting_evidence_id,
            finding := coalesce(supported.contradicting_reason, 'what is cited was not read')
        )) as details
    from changes
    left join {{ ref('int_changes_supported') }} as supported
        on changes.change_id is not distinct from supported.change_id
    where
        changes.is_action_row is not true
        and supported.is_contradicted is not false
        and changes.is_already_so is not true

)

select * from final
