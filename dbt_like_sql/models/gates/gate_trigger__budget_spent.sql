-- More was proposed within the hour or the day than the budget of its actor, workflow or record allows (TRG-3).
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
        'budget_spent' as reason,
        to_json(struct_pack("case" := budgeted.case_key, budgets := budgeted.budgets_spent)) as details
    from changes
    left join budgeted
        on changes.proposal_key is not distinct from budgeted.proposal_key
    where budgeted.is_within_budget is not true

)

select * from final
