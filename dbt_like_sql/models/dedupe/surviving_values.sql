-- Grain: (cluster, field). The value that a merge would keep, from which record, and by which rule (IDN-10).
with field_values as (

    select * from {{ ref('int_duplicate_values_ranked') }}

),

winners as (

    select * from field_values
    where value_rank = 1

),

-- The best of the other values: what told it from the winner is the rule that decided.
others as (

    select
        field_values.cluster_id,
        field_values.field,
        min(field_values.value_rank) as rival_rank,
        to_json(list(distinct field_values.field_value order by field_values.field_value)) as other_values
    from field_values
    inner join winners
        on
            field_values.cluster_id = winners.cluster_id
            and field_values.field = winners.field
            and field_values.field_value is distinct from winners.field_value
    group by field_values.cluster_id, field_values.field

),

final as (

    select
        winners.object,
        winners.cluster_id,
        winners.field,
        winners.field_value,
        winners.record_object as from_object,
        winners.record_id as from_record_id,
        case
            when rivals.field is null then 'only_value'
            when (winners.first_score is distinct from rivals.first_score) then winners.first_rule
            when (winners.second_score is distinct from rivals.second_score) then winners.second_rule
            when (winners.third_score is distinct from rivals.third_score) then winners.third_rule
            when (winners.fourth_score is distinct from rivals.fourth_score) then winners.fourth_rule
            else 'surviving_record'
        end as survivorship_rule,
        winners.written_by,
        winners.written_at,
        coalesce(others.other_values, to_json([])) as other_values
    from winners
    left join others
        on
            winners.cluster_id = others.cluster_id
            and winners.field = others.field
    left join field_values as rivals
        on
            others.cluster_id = rivals.cluster_id
            and others.field = rivals.field
            and others.rival_rank = rivals.value_rank

)

select * from final
