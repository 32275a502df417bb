-- A breaker that opened earlier stays open until a person resets it (TRG-3).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

budgeted as (

    select * from {{ ref('int_proposals_budgeted') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'breaker_open' as reason,
        to_json(struct_pack("case" := budgeted.case_key, breakers := budgeted.breakers_open)) as details
    from changes
    left join budgeted
        on changes.proposal_key is not distinct from budgeted.proposal_key
    where budgeted.is_breaker_closed is not true

)

select * from final
