-- A workflow that somebody switched off is not started, nor one whose state nobody knows (TRG-1).
with triggers as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'trigger') = 'trigger'

),

workflows as (

    select * from {{ source('facts', 'trigger_workflows') }}

),

final as (

    select
        triggers.manifest_id,
        triggers.proposal_id,
        triggers.change_id,
        'workflow_not_active' as reason,
        to_json(struct_pack(workflow_ids := list(distinct workflows.workflow_id order by workflows.workflow_id))) as details
    from triggers
    left join workflows
        on triggers.proposal_key is not distinct from workflows.proposal_key
    where
        workflows.is_started_directly is not false
        and workflows.workflow_status is distinct from 'active'
    group by triggers.manifest_id, triggers.proposal_id, triggers.change_id

)

select * from final
