-- Grain: change with at least one objection: all of them in one cell, worst first, with the labels and the case they open.
with objections as (

    select
        *,
        {{ severity('verdict') }} as severity
    from {{ ref('int_objections_unioned') }}

),

final as (

    select
        change_id,
        to_json(
            list(
                struct_pack(gate := gate, verdict := verdict, reason := reason, details := cast(details as json))
                order by severity desc, gate asc, reason asc, details asc
            )
        ) as objections,
        to_json(list(distinct reason order by reason) filter (where verdict not in ('label', 'shadow'))) as reason_codes,
        to_json(list(distinct reason order by reason) filter (where verdict = 'label')) as labels,
        'case-' || left(max(json_extract_string(details, '$.case')), 16) as case_id
    from objections
    group by change_id

)

select * from final
