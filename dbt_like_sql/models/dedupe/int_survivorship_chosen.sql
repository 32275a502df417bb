-- Grain: field that a duplicate record holds, with the policy's rules for it in their order; no rule is NULL.
with fields as (

    select distinct
        policy_hash,
        object,
        field
    from {{ ref('int_duplicate_values_written') }}

),

rules as (

    select
        policy_hash,
        object,
        field,
        max(rule) filter (where position = 1) as first_rule,
        max(rule) filter (where position = 2) as second_rule,
        max(rule) filter (where position = 3) as third_rule,
        max(rule) filter (where position = 4) as fourth_rule
    from {{ source('policy', 'survivorship_rules') }}
    group by policy_hash, object, field

),

final as (

    select
        fields.policy_hash,
        fields.object,
        fields.field,
        rules.first_rule,
        rules.second_rule,
        rules.third_rule,
        rules.fourth_rule
    from fields
    left join rules
        on
            fields.policy_hash = rules.policy_hash
            and fields.object = rules.object
            and rules.field in (fields.field, '*')
    -- A field's own rules stand before those for all.
    qualify
        row_number() over (
            partition by fields.policy_hash, fields.object, fields.field
            order by rules.field = '*' asc
        ) = 1

)

select * from final
