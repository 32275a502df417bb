-- Grain: (proposal, evidence kind of the policy that its citations or its own keys satisfy) (EVD-1).
-- A citation counts if it exists, is about this record, in the right state, older than the proposal, young enough, and quoted truly.
with citations as (

    select * from {{ ref('int_citations_judged') }}

),

proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

kinds as (

    select * from {{ source('policy', 'evidence_kinds') }}

),

email_companies as (

    select * from {{ source('facts', 'email_companies') }}

),

companies_named as (

    select
        proposal_key,
        min({{ json_text('new_value') }}) as company_id
    from {{ ref('stg_writeback__changes') }}
    where field is not distinct from 'company_id'
    group by proposal_key

),

cited_kinds as (

    select
        proposals.manifest_id,
        proposals.proposal_key,
        kinds.kind
    from citations
    inner join proposals
        on citations.proposal_key is not distinct from proposals.proposal_key
    inner join kinds
        on
            proposals.policy_hash is not distinct from kinds.policy_hash
            and citations.evidence_type is not distinct from kinds.evidence_type
            and (kinds.evidence_state is null or citations.evidence_state is not distinct from kinds.evidence_state)
    where
        {{ is_usable('citations') }}
        and (citations.age_days <= kinds.max_age_days) is true
        -- A message that came in is the record's own only if the record's side wrote it, not if it was copied in.
        and (citations.evidence_state is distinct from 'inbound' or citations.is_by_record is true)

),

-- Derived, never cited: the email is at a domain of the company named, or of one company of the CRM.
domain_matches as (

    select
        email_companies.manifest_id,
        email_companies.proposal_key,
        'domain_match' as kind
    from email_companies
    left join companies_named
        on email_companies.proposal_key is not distinct from companies_named.proposal_key
    where
        coalesce(companies_named.company_id, email_companies.company_id)
        is not distinct from email_companies.company_id

),

final as (

    select * from cited_kinds
    union
    select * from domain_matches

)

select * from final
