-- Grain: value of a duplicate record, ranked by the survivorship rules of its field, the first one first.
with field_values as (

    select * from {{ ref('int_duplicate_values_written') }}

),

records as (

    select * from {{ ref('int_duplicates_ranked') }}

),

rules as (

    select * from {{ ref('int_survivorship_chosen') }}

),

precedence as (

    select * from {{ source('policy', 'source_precedence') }}

),

compared as (

    select
        field_values.*,
        {{ value_size('field_values.field_value') }} as value_size,
        precedence.rank as source_rank,
        records.survivor_rank,
        rules.first_rule,
        rules.second_rule,
        rules.third_rule,
        rules.fourth_rule
    from field_values
    inner join records
        on
            field_values.record_object = records.record_object
            and field_values.record_id = records.record_id
    left join rules
        on
            field_values.policy_hash = rules.policy_hash
            and field_values.object = rules.object
            and field_values.field = rules.field
    left join precedence
        on
            field_values.policy_hash = precedence.policy_hash
            and field_values.record_object = precedence.object
            and field_values.field = precedence.field
            and field_values.source = precedence.source

),

scored as (

    select
        *,
        {{ survivorship_score('first_rule') }} as first_score,
        {{ survivorship_score('second_rule') }} as second_score,
        {{ survivorship_score('third_rule') }} as third_score,
        {{ survivorship_score('fourth_rule') }} as fourth_score
    from compared

),

final as (

    select
        *,
        row_number() over (
            partition by cluster_id, field
            order by
                first_score desc nulls last,
                second_score desc nulls last,
                third_score desc nulls last,
                fourth_score desc nulls last,
                survivor_rank asc
        ) as value_rank
    from scored

)

select * from final
