-- Grain: proposal. The budgets that are spent, and the breakers that were open before, among those it draws on (TRG-3).
-- Above a budget all of a run waits, not its tail: so the order of lines says nothing.
with uses as (

    select * from {{ ref('int_budget_uses') }}
    where is_of_this_run

),

spent as (

    select
        *,
        case
            when (hour_uses <= hour_limit) is not true then 'hour'
            when (day_uses <= day_limit) is not true then 'day'
        end as window_spent
    from {{ ref('int_budgets_spent') }}

),

budgets as (

    select
        uses.proposal_key,
        coalesce(spent.is_open, true) as is_open,
        spent.is_open is false and spent.window_spent is null as is_within,
        struct_pack(
            breaker := spent.breaker_key,
            "window" := spent.window_spent,
            used := if(spent.window_spent = 'hour', spent.hour_uses, spent.day_uses),
            "limit" := if(spent.window_spent = 'hour', spent.hour_limit, spent.day_limit)
        ) as budget,
        spent.case_key
    from uses
    left join spent
        on
            uses.manifest_id is not distinct from spent.manifest_id
            and uses.breaker_key is not distinct from spent.breaker_key

),

final as (

    select
        proposal_key,
        bool_and(is_open or is_within) as is_within_budget,
        bool_and(is_open is false) as is_breaker_closed,
        -- One case: the breaker that holds it; where several do, the first by name.
        arg_min(case_key, budget.breaker) filter (where is_within is not true) as case_key,
        to_json(list_sort(list(budget) filter (where is_open is false and is_within is not true))) as budgets_spent,
        to_json(list_sort(list(budget.breaker) filter (where is_open))) as breakers_open
    from budgets
    group by proposal_key

)

select * from final
