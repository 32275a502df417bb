-- Grain: denied change, kept: what was wanted, by whom, why it was stopped, what would let it pass (EXC-1).
with decisions as (

    select * from {{ ref('decisions') }}

),

reasons as (

    select * from {{ ref('decision_reasons') }}

),

final as (

    select
        decisions.change_id,
        decisions.batch_key,
        decisions.line_number,
        decisions.proposal_key,
        decisions.proposal_id,
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
        decisions.reason_codes,
        reasons.why,
        reasons.to_pass,
        decisions.owner_id,
        -- Below the lowest band a wish is logged, not announced (CNF-1).
        reasons.is_low_confidence_only is not true as is_owner_told,
        decisions.decided_at as denied_at,
        decisions.expires_at
    from decisions
    left join reasons
        on decisions.change_id is not distinct from reasons.change_id
    where decisions.lane is not distinct from 'deny'

)

select * from final
