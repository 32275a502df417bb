-- Grain: decision (writes follow with the outbox). All that an auditor asks of it in one row (AUD-1).
with decisions as (

    select * from {{ ref('decisions') }}

),

final as (

    select
        sealed_sequence as ledger_sequence,
        change_id,
        decided_at,
        sealed_at as recorded_at,
        run_id,
        manifest_id,
        policy_hash,
        snapshot_hash,
        batch_key,
        line_number,
        proposal_id,
        actor_type,
        actor_id,
        actor_model,
        workflow_id,
        source,
        action,
        effective_action,
        object,
        record_id,
        field,
        old_value,
        new_value,
        seen_value,
        lane,
        reason_codes,
        objections,
        labels,
        evidence,
        match_method,
        match_probability,
        match_reason,
        confidence,
        effective_confidence,
        repeats_change_id,
        case_id
    from decisions

)

select * from final
