-- Grain: change. One wide row with all that a rule needs to know; gates and expectations read nothing else about a change.
with changes as (

    select * from {{ ref('int_changes_resolved') }}

),

proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

matched as (

    select * from {{ ref('int_proposals_matched_to_records') }}

),

permitted as (

    select * from {{ ref('int_changes_permitted') }}

),

evidenced as (

    select * from {{ ref('int_changes_evidenced') }}

),

actors as (

    select * from {{ ref('int_actors_with_status') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

proposal_keys as (

    select * from {{ source('facts', 'proposal_keys') }}

),

domain_facts as (

    select * from {{ source('facts', 'domain_facts') }}

),

claims_held as (

    select * from {{ ref('int_claims_held_to_record') }}

),

activity_texts as (

    select distinct proposal_key
    from changes
    where
        field is not distinct from 'body'
        and is_new_value_empty is not true

),

final as (

    select
        proposals.manifest_id,
        proposals.batch_key,
        proposals.line_number,
        proposals.proposal_key,
        proposals.proposal_id,
        changes.change_id,
        changes.ordinal,
        changes.is_action_row,
        proposals.policy_hash,
        proposals.snapshot_hash,
        proposals.clock_at,
        proposals.batch_label,
        proposals.content_hash,
        proposals.idempotency_key,
        proposals.submitted_at,
        proposals.read_at,
        proposals.has_time_without_zone,
        proposals.has_unreadable_time,
        proposals.actor_type,
        proposals.actor_id,
        proposals.actor_model,
        proposals.workflow_id,
        proposals.source,
        proposals.action,
        proposals.object,
        proposals.rationale,
        proposals.causation_depth,
        proposals.causation,
        proposals.payload,
        proposals.extra,
        coalesce(matched.effective_action, proposals.action) as effective_action,
        proposals.target_id,
        matched.record_id,
        coalesce(matched.record_state, 'not_found') as record_state,
        matched.match_method,
        matched.match_probability,
        matched.match_weight,
        matched.match_reason,
        coalesce(matched.match_candidates, '[]') as match_candidates,
        coalesce(matched.is_target_doubted, true) as is_target_doubted,
        proposal_keys.create_key,
        changes.owner_id,
        changes.field_as_given,
        changes.field,
        changes.operation,
        changes.field_format,
        changes.new_value,
        changes.normalized_value,
        changes.seen_value,
        changes.has_seen_value,
        changes.current_value,
        changes.is_new_value_empty,
        changes.is_current_value_empty,
        changes.is_seen_value_current,
        changes.is_already_so,
        coalesce(changes.is_formatting, false) as is_formatting,
        changes.is_value_valid,
        changes.invalid_reason,
        coalesce(proposals.object in {{ known_objects() }}, false) as is_object_known,
        coalesce(proposals.action in {{ known_actions() }}, false) as is_action_known,
        changes.is_action_row or changes.field is not null as is_field_known,
        -- To append is to add to a list, or to history that may only grow.
        coalesce(
            changes.is_action_row
            or changes.operation = 'set'
            or (changes.operation = 'append' and (changes.field_format = 'list' or permitted.is_append_only)), false
        ) as is_operation_fit,
        coalesce(permitted.is_granted, false) as is_granted,
        coalesce(permitted.field_class, 'locked') as field_class,
        coalesce(permitted.action_class, 'locked') as action_class,
        coalesce(permitted.is_required, true) as is_required,
        permitted.suggestion_field,
        coalesce(permitted.has_suggestion_field, false) as has_suggestion_field,
        coalesce(permitted.is_append_only, true) as is_append_only,
        coalesce(permitted.is_high_impact, true) as is_high_impact,
        coalesce(actors.actor_status, 'unknown') as actor_status,
        coalesce(permitted.is_actor_allowed, false) as is_actor_allowed,
        coalesce(permitted.is_source_allowed, false) as is_source_allowed,
        coalesce(proposals.confidence, 0) as confidence,
        {{ match_confidence('matched') }} as match_confidence,
        -- Two confidences are kept apart; rules use the smaller (IDN-12), and never more than the source's record allows (CNF-3).
        least(coalesce(proposals.confidence, 0), {{ match_confidence('matched') }}, coalesce(claims_held.confidence_ceiling, 0))
            as effective_confidence,
        -- Without a setting no confidence is high enough.
        coalesce(settings.auto_confidence_from, 101) as auto_confidence_from,
        coalesce(settings.suggest_confidence_from, 101) as suggest_confidence_from,
        coalesce(settings.pending_expires_days, 0) as pending_expires_days,
        coalesce(settings.approval_expires_days, 0) as approval_expires_days,
        coalesce(evidenced.citation_count, 0) as citation_count,
        coalesce(evidenced.missing_citation_count, 1) as missing_citation_count,
        coalesce(evidenced.evidence, '[]') as evidence,
        coalesce(evidenced.missing_evidence, 'evidence facts') as missing_evidence,
        -- The value that stands is what formatting rests on (FLD-8).
        coalesce(evidenced.has_required_evidence, false) or coalesce(changes.is_formatting, false) as has_required_evidence,
        coalesce(changes.is_action_row and proposals.action = 'log' and activity_texts.proposal_key is not null, false) as is_activity_text,
        -- Whose domains nobody looked at is taken for the worst (law 1).
        coalesce(domain_facts.is_lookalike_domain, true) as is_lookalike_domain,
        coalesce(domain_facts.is_company_domain_other, true) as is_company_domain_other,
        coalesce(domain_facts.is_free_mail_address, true) as is_free_mail_address,
        coalesce(domain_facts.is_role_address, true) as is_role_address,
        coalesce(domain_facts.is_disposable_address, true) as is_disposable_address
    from changes
    inner join proposals
        on changes.proposal_key is not distinct from proposals.proposal_key
    left join matched
        on changes.proposal_key is not distinct from matched.proposal_key
    left join permitted
        on changes.change_id is not distinct from permitted.change_id
    left join evidenced
        on changes.change_id is not distinct from evidenced.change_id
    left join actors
        on
            proposals.manifest_id is not distinct from actors.manifest_id
            and proposals.actor_id is not distinct from actors.actor_id
            and proposals.actor_type is not distinct from actors.actor_type
    left join settings
        on proposals.policy_hash is not distinct from settings.policy_hash
    left join claims_held
        on proposals.proposal_key is not distinct from claims_held.proposal_key
    left join activity_texts
        on changes.proposal_key is not distinct from activity_texts.proposal_key
    left join proposal_keys
        on proposals.proposal_key is not distinct from proposal_keys.proposal_key
    left join domain_facts
        on changes.change_id is not distinct from domain_facts.change_id

)

select * from final
