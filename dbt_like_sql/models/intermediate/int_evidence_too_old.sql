-- Grain: (citation, requirement that asks for a kind that it would be, were it younger) (EVD-5).
with citations as (

    select * from {{ ref('int_citations_judged') }}

),

kinds as (

    select * from {{ source('policy', 'evidence_kinds') }}

),

requirements as (

    select * from {{ source('policy', 'evidence_requirements') }}

),

final as (

    select distinct
        citations.proposal_key,
        citations.evidence_id,
        requirements.object,
        requirements.action,
        requirements.field,
        kinds.max_age_days
    from citations
    inner join kinds
        on
            citations.policy_hash is not distinct from kinds.policy_hash
            and citations.evidence_type is not distinct from kinds.evidence_type
            and (kinds.evidence_state is null or citations.evidence_state is not distinct from kinds.evidence_state)
    inner join requirements
        on
            kinds.policy_hash is not distinct from requirements.policy_hash
            and kinds.kind is not distinct from requirements.kind
    where
        {{ is_usable('citations') }}
        and (citations.age_days <= kinds.max_age_days) is not true

)

select * from final
