-- A deal moves on stage by stage: leaps, steps back and deals that leave an end are pointed out (HIA-1).
with changes as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not true
        and coalesce(object, 'deal') = 'deal'
        and coalesce(field, 'stage') = 'stage'
        and is_new_value_empty is not true
        and is_already_so is not true

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

stages as (

    select * from {{ source('policy', 'deal_stages') }}

),

steps as (

    select
        changes.*,
        coalesce(changes.normalized_value, {{ json_text('changes.new_value') }}) as to_stage,
        -- A deal without a stage stands before the first.
        case when changes.is_current_value_empty is not true then {{ json_text('changes.current_value') }} end as from_stage
    from changes

),

final as (

    select
        steps.manifest_id,
        steps.proposal_id,
        steps.change_id,
        'stage_out_of_order' as reason,
        to_json(struct_pack(from_stage := steps.from_stage, to_stage := steps.to_stage, stages_at_once := settings.stages_at_once)) as details
    from steps
    left join settings
        on steps.policy_hash is not distinct from settings.policy_hash
    left join stages as came
        on
            steps.policy_hash is not distinct from came.policy_hash
            and steps.from_stage is not distinct from came.stage
    left join stages as went
        on
            steps.policy_hash is not distinct from went.policy_hash
            and steps.to_stage is not distinct from went.stage
    where
        (
            (steps.from_stage is null or came.is_closed is false)
            and (
                went.position - if(steps.from_stage is null, 0, came.position) between 1 and settings.stages_at_once
                or (went.is_closed and went.position = 0)
            )
        ) is not true

)

select * from final
