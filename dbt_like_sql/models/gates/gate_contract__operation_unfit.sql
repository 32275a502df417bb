-- Only `set`, and `append` where there is something to append to. Any other operation would be a write nobody judged (CON-6).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'operation_unfit' as reason,
        to_json(struct_pack(operation := operation, field := coalesce(field, field_as_given))) as details
    from changes
    where
        is_operation_fit is not true

)

select * from final
