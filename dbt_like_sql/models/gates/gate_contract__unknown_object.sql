-- An object outside the contract's list is denied (CON-6).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'unknown_object' as reason,
        to_json(struct_pack(object := object)) as details
    from changes
    where
        is_object_known is not true

)

select * from final
