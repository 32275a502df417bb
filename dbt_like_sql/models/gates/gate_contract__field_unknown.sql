-- A field name that does not resolve to one of the CRM's own is denied (CON-5).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'field_unknown' as reason,
        to_json(struct_pack(field_as_given := field_as_given)) as details
    from changes
    where
        is_field_known is not true

)

select * from final
