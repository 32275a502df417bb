-- Grain: write that may be applied: one per record action and one per field. `suggest` writes its suggestion field only.
-- The action row of an update writes nothing by itself and is not here.
with decisions as (

    select * from {{ ref('decisions') }}

),

passing as (

    select * from decisions
    where
        coalesce(lane in ('auto', 'suggest'), false)
        and (is_action_row is false or effective_action is distinct from 'update')

),

final as (

    select
        change_id as write_id,
        batch_key,
        line_number,
        proposal_key,
        proposal_id,
        effective_action as action,
        object,
        record_id,
        case when lane = 'suggest' then suggestion_field else field end as field,
        lane = 'suggest' as is_suggestion,
        operation,
        -- The fields of a create or log are rows of their own, each with its own decision: the action row brings none.
        case when is_action_row is false or coalesce(effective_action not in ('create', 'log'), false) then new_value end as new_value,
        old_value as base_value,
        effective_confidence as ai_writeback_confidence,
        evidence as ai_writeback_evidence,
        source as ai_writeback_source,
        -- The lowest standing confidence of the record when this was sealed.
        min(effective_confidence) over (
            partition by object, coalesce(record_id, proposal_key)
            order by sealed_sequence
        ) as record_confidence,
        labels,
        actor_id,
        policy_hash,
        decided_at,
        sealed_sequence
    from passing

)

select * from final
