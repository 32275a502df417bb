-- Nothing that writes to people is started for who opted out or is suppressed, from the moment somebody says so (TRG-1, HIA-2).
with triggers as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'trigger') = 'trigger'

),

workflows as (

    select * from {{ source('facts', 'trigger_workflows') }}

),

standing as (

    select * from {{ source('facts', 'person_standing') }}

),

final as (

    select
        triggers.manifest_id,
        triggers.proposal_id,
        triggers.change_id,
        'person_opted_out' as reason,
        to_json(struct_pack(told_by := cast(max(cast(standing.words as varchar)) as json))) as details
    from triggers
    left join workflows
        on triggers.proposal_key is not distinct from workflows.proposal_key
    left join standing
        on triggers.proposal_key is not distinct from standing.proposal_key
    where
        workflows.is_sequence is not false
        and (standing.is_opted_out is not false or standing.is_opt_out_pending is not false)
    group by triggers.manifest_id, triggers.proposal_id, triggers.change_id

)

select * from final
