-- A value must fit its field: picklist, number, date, URL, phone, length (FLD-5).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'value_invalid' as reason,
        to_json(struct_pack(field := field, problem := invalid_reason)) as details
    from changes
    where
        is_value_valid is not true

)

select * from final
