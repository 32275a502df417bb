-- Grain: change with at least one objection that counts: why in words, and what would let it pass (EXC-1).
with objections as (

    select * from {{ ref('objections') }}
    where coalesce(verdict not in ('label', 'shadow'), true)

),

gate_catalog as (

    select * from {{ source('checks', 'gate_catalog') }}

),

reasons as (

    select distinct
        objections.change_id,
        objections.gate,
        coalesce(gate_catalog.says, objections.reason) as says,
        coalesce(gate_catalog.to_pass, 'ask the owner of the policy') as to_pass
    from objections
    left join gate_catalog
        on objections.gate is not distinct from gate_catalog.gate

),

final as (

    select
        change_id,
        string_agg(says, ' ' order by gate) as why,
        string_agg(to_pass, ' ' order by gate) as to_pass,
        bool_and(gate is not distinct from 'gate_confidence__below_suggest_band') as is_low_confidence_only
    from reasons
    group by change_id

)

select * from final
