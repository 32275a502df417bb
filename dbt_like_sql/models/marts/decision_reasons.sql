-- Grain: change that something objects to, by itself or through its proposal: why in words, and what would let it pass (EXC-1).
-- A table, unlike other marts: three of them read it.
{{ config(materialized='table') }}

with objections as (

    select * from {{ ref('objections') }}
    where coalesce(verdict not in ('label', 'shadow'), true)

),

decisions as (

    select
        change_id,
        proposal_key
    from {{ ref('decisions') }}
    where coalesce(lane in ('deny', 'review', 'quarantine', 'suggest'), true)

),

gate_catalog as (

    select * from {{ source('checks', 'gate_catalog') }}

),

changes_with_own_objections as (

    select distinct change_id
    from objections

),

-- What waits only because its proposal waits has the proposal's reasons.
objections_that_count as (

    select
        change_id,
        gate,
        reason
    from objections
    union
    select
        decisions.change_id,
        objections.gate,
        objections.reason
    from decisions
    inner join objections
        on decisions.proposal_key is not distinct from objections.proposal_key
    left join changes_with_own_objections
        on decisions.change_id is not distinct from changes_with_own_objections.change_id
    where changes_with_own_objections.change_id is null

),

reasons as (

    select distinct
        objections_that_count.change_id,
        objections_that_count.gate,
        coalesce(gate_catalog.says, objections_that_count.reason) as says,
        coalesce(gate_catalog.to_pass, 'ask the owner of the policy') as to_pass
    from objections_that_count
    left join gate_catalog
        on objections_that_count.gate is not distinct from gate_catalog.gate

),

-- Lists are sorted when they are whole: sorting inside an aggregate costs several times as much.
gathered as (

    select
        change_id,
        list_sort(list(struct_pack(gate := gate, says := says, to_pass := to_pass)), 'asc', 'nulls last') as reasons,
        bool_and(gate is not distinct from 'gate_confidence__below_suggest_band') as is_low_confidence_only
    from reasons
    group by change_id

),

final as (

    select
        change_id,
        array_to_string(list_transform(reasons, lambda each: each.says), ' ') as why,
        array_to_string(list_transform(reasons, lambda each: each.to_pass), ' ') as to_pass,
        is_low_confidence_only
    from gathered

)

select * from final
