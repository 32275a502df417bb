-- Grain: (object, field, gate, verdict). Which fields are denied or reviewed most, and why (RPT-3).
with objections as (

    select * from {{ ref('objections') }}
    where coalesce(verdict not in ('label', 'shadow'), true)

),

decisions as (

    select * from {{ ref('decisions') }}
    where lane in ('deny', 'review', 'quarantine')

),

final as (

    select
        decisions.object,
        coalesce(decisions.field, '(the ' || decisions.action || ' itself)') as field,
        objections.gate,
        objections.verdict,
        count(distinct decisions.change_id) as changes,
        count(distinct decisions.actor_id) as actors
    from decisions
    inner join objections
        on decisions.change_id is not distinct from objections.change_id
    group by decisions.object, coalesce(decisions.field, '(the ' || decisions.action || ' itself)'), objections.gate, objections.verdict

)

select * from final
