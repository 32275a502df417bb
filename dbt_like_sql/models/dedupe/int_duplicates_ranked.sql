-- Grain: duplicate record, with its place as proposed survivor: the fullest one, then the one people touched last, then the oldest.
with duplicates as (

    select * from {{ ref('int_duplicates_found') }}

),

field_values as (

    select
        record_object,
        record_id,
        count(*) as filled_fields,
        max(written_at) filter (where is_by_person) as touched_by_person_at
    from {{ ref('int_duplicate_values_written') }}
    group by record_object, record_id

),

final as (

    select
        duplicates.object,
        duplicates.cluster_id,
        duplicates.record_object,
        duplicates.record_id,
        coalesce(field_values.filled_fields, 0) as filled_fields,
        field_values.touched_by_person_at,
        duplicates.created_at,
        row_number() over (
            partition by duplicates.cluster_id
            -- A lead goes into the contact, not the reverse.
            order by
                duplicates.record_object = 'lead' asc,
                coalesce(field_values.filled_fields, 0) desc,
                field_values.touched_by_person_at desc nulls last,
                duplicates.created_at asc nulls last,
                duplicates.record_id asc
        ) as survivor_rank
    from duplicates
    left join field_values
        on
            duplicates.record_object = field_values.record_object
            and duplicates.record_id = field_values.record_id

)

select * from final
