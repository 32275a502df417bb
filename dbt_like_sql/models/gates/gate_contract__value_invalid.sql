-- A value must fit its field: picklist, number, date, URL, phone, length (FLD-5).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

value_facts as (

    select * from {{ source('facts', 'value_facts') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'value_invalid' as reason,
        to_json(struct_pack(
            field := changes.field, problem := changes.invalid_reason, words := value_facts.invalid_words
        )) as details
    from changes
    left join value_facts
        on changes.change_id is not distinct from value_facts.change_id
    where
        changes.is_value_valid is not true

)

select * from final
