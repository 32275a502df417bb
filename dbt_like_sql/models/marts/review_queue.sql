-- Grain: change that waits for a person, with why in words.
with decisions as (

    select * from {{ ref('decisions') }}

),

reasons as (

    select * from {{ ref('decision_reasons') }}

),

final as (

    select
        decisions.change_id as item_id,
        decisions.batch_key,
        decisions.line_number,
        decisions.proposal_key,
        decisions.proposal_id,
        decisions.case_id,
        decisions.effective_action as action,
        decisions.object,
        decisions.record_id,
        decisions.field,
        decisions.old_value,
        decisions.new_value,
        decisions.actor_id,
        decisions.source,
        decisions.effective_confidence,
        decisions.evidence,
        decisions.rationale,
        decisions.match_reason,
        decisions.reason_codes,
        reasons.why,
        decisions.owner_id,
        decisions.policy_hash,
        decisions.decided_at as queued_at,
        decisions.expires_at
    from decisions
    left join reasons
        on decisions.change_id is not distinct from reasons.change_id
    where decisions.lane is not distinct from 'review'

)

select * from final
