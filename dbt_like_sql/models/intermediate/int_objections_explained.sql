-- Grain: change with at least one objection: all of them in one cell, worst first, with the labels and the case they open.
with objections as (

    select
        *,
        {{ severity('verdict') }} as severity
    from {{ ref('int_objections_unioned') }}

),

-- Lists are sorted when they are whole: sorting inside an aggregate costs several times as much.
gathered as (

    select
        change_id,
        list_sort(list(struct_pack(
            mildness := -severity, gate := gate, reason := reason, details := details, verdict := verdict
        )), 'asc', 'nulls last') as objections,
        list_sort(list(distinct reason) filter (where verdict not in ('label', 'shadow')), 'asc', 'nulls last') as reason_codes,
        list_sort(list(distinct reason) filter (where verdict = 'label'), 'asc', 'nulls last') as labels,
        max(json_extract_string(details, '$.case')) as case_key
    from objections
    group by change_id

),

final as (

    select
        change_id,
        to_json(list_transform(
            objections,
            lambda each: struct_pack(
                gate := each.gate, verdict := each.verdict, reason := each.reason, details := cast(each.details as json)
            )
        )) as objections,
        to_json(reason_codes) as reason_codes,
        to_json(labels) as labels,
        'case-' || left(case_key, 16) as case_id
    from gathered

)

select * from final
