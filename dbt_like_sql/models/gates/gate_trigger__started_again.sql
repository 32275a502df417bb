-- The same workflow on the same record again, so soon or in one batch, looks like a loop that hides its cause (TRG-2).
with triggers as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'trigger') = 'trigger'

),

workflows as (

    select * from {{ source('facts', 'trigger_workflows') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

final as (

    select
        triggers.manifest_id,
        triggers.proposal_id,
        triggers.change_id,
        'started_again' as reason,
        to_json(struct_pack(
            workflow_ids := list(distinct workflows.workflow_id order by workflows.workflow_id),
            last_started_at := max(workflows.last_started_at)
        )) as details
    from triggers
    left join workflows
        on triggers.proposal_key is not distinct from workflows.proposal_key
    left join settings
        on triggers.policy_hash is not distinct from settings.policy_hash
    where
        workflows.workflow_id is null
        or workflows.is_started_twice is not false
        or (
            workflows.last_started_at is not null
            and (
                workflows.last_started_at + to_hours(cast(settings.trigger_again_after_hours as integer)) <= triggers.clock_at
            ) is not true
        )
    group by triggers.manifest_id, triggers.proposal_id, triggers.change_id

)

select * from final
