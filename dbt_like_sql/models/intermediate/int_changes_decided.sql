-- Grain: change of a readable proposal, plus one row per quarantined line. Where everything ends: lane, reasons, policy version.
-- Passing needs three things: granted by the policy, no objection, and every gate attested. All else is the most severe verdict.
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

ranked as (

    select * from {{ ref('int_changes_ranked') }}

),

repeated as (

    select * from {{ ref('int_changes_repeated') }}

),

-- What is written is the value in normal form (FLD-5, FLD-8); what came in stays in the archived batch.
value_facts as (

    select * from {{ source('facts', 'value_facts') }}

),

explained as (

    select * from {{ ref('int_objections_explained') }}

),

ranked_with_repeats as (

    select
        ranked.*,
        repeated.repeats_change_id,
        case when repeated.change_id is not null then 0 else ranked.severity end as severity_with_repeats
    from ranked
    left join repeated
        on ranked.change_id is not distinct from repeated.change_id

),

-- An update whose fields are all done already has nothing left to do itself.
ranked_finally as (

    select
        *,
        case
            when
                is_action_row
                and effective_action = 'update'
                and severity_with_repeats <= 3
                and (max(case when is_action_row then null else severity_with_repeats end) over (partition by proposal_key)) = 0
                then 0
            else severity_with_repeats
        end as final_severity
    from ranked_with_repeats

),

decided as (

    select
        change_id,
        deed_key,
        is_attested,
        gates_missing,
        repeats_change_id,
        {{ lane_of('final_severity') }} as lane,
        {{ lane_of('max(final_severity) over (partition by proposal_key)') }} as proposal_lane
    from ranked_finally

),

readable as (

    select
        changes.manifest_id,
        changes.batch_key,
        changes.line_number,
        changes.proposal_key,
        changes.proposal_id,
        changes.change_id,
        changes.ordinal,
        changes.is_action_row,
        changes.batch_label,
        changes.content_hash,
        changes.idempotency_key,
        changes.actor_type,
        changes.actor_id,
        changes.actor_model,
        changes.workflow_id,
        changes.source,
        changes.action,
        changes.effective_action,
        changes.object,
        changes.record_id,
        coalesce(changes.field, changes.field_as_given) as field,
        changes.operation,
        decided.lane,
        decided.proposal_lane,
        decided.repeats_change_id,
        explained.case_id,
        case when decided.is_attested then coalesce(explained.reason_codes, '[]') else '["gate_did_not_run"]' end as reason_codes,
        case
            when decided.is_attested then coalesce(explained.objections, '[]')
            else {{ not_attested_objection('decided.gates_missing') }}
        end as objections,
        coalesce(explained.labels, '[]') as labels,
        case when decided.lane = 'suggest' then changes.suggestion_field end as suggestion_field,
        changes.match_method,
        changes.match_probability,
        changes.match_weight,
        changes.match_reason,
        changes.confidence,
        changes.effective_confidence,
        changes.policy_hash,
        changes.snapshot_hash,
        changes.evidence,
        changes.submitted_at,
        changes.clock_at as decided_at,
        case
            when decided.lane in ('suggest', 'deny') then changes.clock_at + to_days(cast(changes.pending_expires_days as integer))
        end as expires_at,
        changes.owner_id,
        changes.current_value as old_value,
        coalesce(value_facts.value_to_write, changes.new_value, case when changes.is_action_row then changes.payload end) as new_value,
        changes.seen_value,
        changes.rationale,
        changes.causation,
        decided.deed_key
    from changes
    inner join decided
        on changes.change_id is not distinct from decided.change_id
    left join value_facts
        on
            changes.manifest_id is not distinct from value_facts.manifest_id
            and changes.change_id is not distinct from value_facts.change_id
    left join explained
        on changes.change_id is not distinct from explained.change_id

),

final as (

    select * from readable
    union all by name
    select * from {{ ref('int_lines_quarantined') }}

)

select * from final
