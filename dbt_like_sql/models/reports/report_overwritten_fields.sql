-- Grain: (object, field). Which standing values agents replace, and how often that is let through (RPT-3).
with decisions as (

    select * from {{ ref('decisions') }}
    where
        is_action_row is false
        and effective_action = 'update'
        and lane is distinct from 'noop'
        and {{ is_empty_json('old_value') }} is false

),

final as (

    select
        object,
        field,
        count(*) as overwrites_wanted,
        count(*) filter (where lane = 'auto') as overwrites_passed,
        count(*) filter (where lane in ('review', 'suggest')) as overwrites_held,
        count(*) filter (where lane in ('deny', 'quarantine')) as overwrites_denied
    from decisions
    group by object, field

)

select * from final
