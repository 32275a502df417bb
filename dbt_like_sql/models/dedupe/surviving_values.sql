-- Grain: (cluster, field). The value that a merge would keep, from which record, and by which rule (IDN-10).
with field_values as (

    select * from {{ ref('int_duplicate_values_ranked') }}

),

winners as (

    select * from field_values
    where value_rank = 1

),

rivals as (

    select
        field_values.cluster_id,
        field_values.field,
        max(field_values.keys) as keys,
        list(distinct field_values.field_value order by field_values.field_value) as other_values
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
            when rivals.cluster_id is null then 'only_value'
            else coalesce(
                winners.field_rules[
                    list_position(list_transform(list_zip(winners.keys, rivals.keys), lambda pair: pair[1] > pair[2]), true)
                ],
                'surviving_record'
            )
        end as survivorship_rule,
        winners.written_by,
        winners.written_at,
        to_json(coalesce(rivals.other_values, [])) as other_values
    from winners
    left join rivals
        on
            winners.cluster_id = rivals.cluster_id
            and winners.field = rivals.field

)

select * from final
