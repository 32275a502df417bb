-- Two sources that keep overwriting each other need a person to settle it; until then the field waits (OVW-5).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

fields as (

    select * from {{ ref('int_fields_flapping') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'field_flapping' as reason,
        to_json(struct_pack("case" := fields.case_key, field := changes.field)) as details
    from changes
    left join fields
        on changes.change_id is not distinct from fields.change_id
    where
        changes.is_action_row is not true
        and changes.effective_action is not distinct from 'update'
        and changes.record_id is not null
        and changes.field is not null
        and changes.is_already_so is not true
        and fields.is_flapping is not false

)

select * from final
