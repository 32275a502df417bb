-- Grain: value of a duplicate record, ranked by the policy's survivorship rules for its field.
with field_values as (

    select * from {{ ref('int_duplicate_values_written') }}

),

records as (

    select * from {{ ref('int_duplicates_ranked') }}

),

rules as (

    select
        policy_hash,
        object,
        field,
        list(rule order by position) as field_rules
    from {{ source('policy', 'survivorship_rules') }}
    group by policy_hash, object, field

),

precedence as (

    select * from {{ source('policy', 'source_precedence') }}

),

compared as (

    select
        field_values.*,
        records.survivor_rank,
        coalesce(own_rules.field_rules, default_rules.field_rules, []) as field_rules,
        {{ survivorship_scores('field_values', 'precedence.rank') }} as scores
    from field_values
    inner join records
        on
            field_values.record_object = records.record_object
            and field_values.record_id = records.record_id
    left join rules as own_rules
        on
            field_values.policy_hash = own_rules.policy_hash
            and field_values.object = own_rules.object
            and field_values.field = own_rules.field
    left join rules as default_rules
        on
            field_values.policy_hash = default_rules.policy_hash
            and field_values.object = default_rules.object
            and default_rules.field = '*'
    left join precedence
        on
            field_values.policy_hash = precedence.policy_hash
            and field_values.record_object = precedence.object
            and field_values.field = precedence.field
            and field_values.source = precedence.source

),

keyed as (

    select
        *,
        list_transform(field_rules, lambda rule: coalesce(scores[rule], -1e18)) as keys
    from compared

),

final as (

    select
        *,
        row_number() over (
            partition by cluster_id, field
            order by keys desc, survivor_rank asc
        ) as value_rank
    from keyed

)

select * from final
