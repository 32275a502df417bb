-- A sequence is started only for the personas and stages that the policy allows (TRG-1).
with triggers as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'trigger') = 'trigger'

),

workflows as (

    select * from {{ source('facts', 'trigger_workflows') }}

),

persons as (

    select * from {{ source('facts', 'trigger_persons') }}

),

-- One row per workflow that is started: for whom it may be, and whether that is this one.
judged as (

    select
        triggers.manifest_id,
        triggers.proposal_id,
        triggers.change_id,
        workflows.workflow_id,
        persons.persona,
        persons.stage,
        bool_or(
            audiences.kind = 'persona'
            and (
                audiences.value = persons.persona
                or (audiences.value = '*' and list_contains(json_extract_string(workflows.recorded_personas, '$[*]'), persons.persona))
            )
        ) as is_persona_allowed,
        bool_or(audiences.kind = 'stage' and audiences.value in ('*', persons.stage) and stages.stage is not null) as is_stage_allowed
    from triggers
    left join workflows
        on triggers.proposal_key is not distinct from workflows.proposal_key
    left join persons
        on triggers.proposal_key is not distinct from persons.proposal_key
    left join {{ source('policy', 'workflow_audiences') }} as audiences
        on
            triggers.policy_hash is not distinct from audiences.policy_hash
            and (audiences.workflow_id is not distinct from '*' or audiences.workflow_id is not distinct from workflows.workflow_id)
    left join {{ source('policy', 'sequence_stages') }} as stages
        on
            triggers.policy_hash is not distinct from stages.policy_hash
            and triggers.object is not distinct from stages.object
            and persons.stage is not distinct from stages.stage
    where workflows.is_sequence is not false
    group by all

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'audience_not_allowed' as reason,
        to_json(struct_pack(
            workflows := list(struct_pack(workflow_id := workflow_id, persona := persona, stage := stage) order by workflow_id)
        )) as details
    from judged
    where
        is_persona_allowed is not true
        or is_stage_allowed is not true
    group by manifest_id, proposal_id, change_id

)

select * from final
