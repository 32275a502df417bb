-- A locked field is never written: unique identifiers, amounts, lead source (FLD-2, FLD-3, FLD-4).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'field_locked' as reason,
        to_json(struct_pack(field := coalesce(field, field_as_given))) as details
    from changes
    where
        is_action_row is not true
        and coalesce(field_class, 'locked') not in ('safe', 'sensitive')

)

select * from final
