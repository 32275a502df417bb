-- A source feeds only the objects, actions and fields it has rights for (FLD-7).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'source_without_right' as reason,
        to_json(struct_pack(source := source, object := object, action := effective_action, field := field)) as details
    from changes
    where
        is_source_allowed is not true

)

select * from final
