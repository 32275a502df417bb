-- Grain: citation. What is known of it, held against the policy; what nobody looked at counts as bad (EVD-2 to EVD-6, EVD-9).
with citations as (

    select * from {{ ref('int_citations_looked_up') }}

),

proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

void_states as (

    select * from {{ source('policy', 'evidence_void_states') }}

),

uses as (

    select * from {{ ref('int_evidence_uses_counted') }}

),

final as (

    select
        proposals.manifest_id,
        proposals.policy_hash,
        citations.proposal_key,
        citations.citation_ordinal,
        citations.evidence_id,
        citations.evidence_type,
        citations.evidence_state,
        citations.happened_at,
        date_diff('minute', citations.happened_at, proposals.clock_at) / cast(1440 as double) as age_days,
        citations.is_found,
        citations.is_about_record,
        citations.is_by_record,
        -- A policy without any such state is a policy that was lost.
        void_states.evidence_state is not null
        or coalesce(proposals.policy_hash, '') not in (select coalesce(each.policy_hash, '') from void_states as each) as is_void_state,
        coalesce(
            citations.happened_at <= proposals.submitted_at + to_minutes(settings.clock_tolerance_minutes), false
        ) as is_before_proposal,
        citations.quote_problem,
        (uses.record_count <= settings.most_records_per_item) is not true as has_too_many_records,
        (uses.stage_change_count <= settings.most_stage_changes_per_item) is not true as has_too_many_stage_changes,
        coalesce(uses.record_count, 0) as record_count,
        coalesce(uses.stage_change_count, 0) as stage_change_count
    from citations
    left join proposals
        on citations.proposal_key is not distinct from proposals.proposal_key
    left join settings
        on proposals.policy_hash is not distinct from settings.policy_hash
    left join void_states
        on
            proposals.policy_hash is not distinct from void_states.policy_hash
            and citations.evidence_type is not distinct from void_states.evidence_type
            and citations.evidence_state is not distinct from void_states.evidence_state
    left join uses
        on
            proposals.manifest_id is not distinct from uses.manifest_id
            and citations.evidence_id is not distinct from uses.evidence_id

)

select * from final
