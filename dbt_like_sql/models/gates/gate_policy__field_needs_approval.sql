-- A sensitive or high-impact field waits for a person, wherever it hides (FLD-2, HIA-1, HIA-3).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'field_needs_approval' as reason,
        to_json(struct_pack(field := coalesce(field, field_as_given))) as details
    from changes
    where
        is_action_row is not true
        and (
            is_high_impact is not false
            -- Formatting is safe on any field that is not locked (FLD-8).
            or (field_class is distinct from 'safe' and is_formatting is not true)
        )

)

select * from final
