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

proposal_keys as (

    select * from {{ source('facts', 'proposal_keys') }}

),

prepared_records as (

    select * from {{ source('facts', 'prepared_records') }}

),

mail_domains as (

    select * from {{ source('policy', 'mail_domains') }}

),

-- Without a list of mail providers no domain speaks for a company.
policies_with_mail_domains as (

    select distinct policy_hash
    from mail_domains
    where kind is not distinct from 'personal'

),

domain_aliases as (

    select * from {{ source('policy', 'domain_aliases') }}

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

-- Derived, never cited: the email's domain, or what it is an alias of, belongs to the company named, or to one company of
-- the CRM. A free-mail or throw-away domain belongs to nobody.
domain_matches as (

    select
        proposals.manifest_id,
        proposals.proposal_key,
        'domain_match' as kind
    from proposals
    inner join proposal_keys
        on proposals.proposal_key is not distinct from proposal_keys.proposal_key
    inner join policies_with_mail_domains
        on proposals.policy_hash is not distinct from policies_with_mail_domains.policy_hash
    left join companies_named
        on proposals.proposal_key is not distinct from companies_named.proposal_key
    left join domain_aliases
        on
            proposals.policy_hash is not distinct from domain_aliases.policy_hash
            and proposal_keys.email_domain_key is not distinct from domain_aliases.alias_domain
    inner join prepared_records as companies
        on
            proposals.snapshot_hash is not distinct from companies.snapshot_hash
            and coalesce(domain_aliases.domain, proposal_keys.email_domain_key) is not distinct from companies.domain_key
    left join mail_domains
        on
            proposals.policy_hash is not distinct from mail_domains.policy_hash
            and mail_domains.kind in ('personal', 'disposable')
            and proposal_keys.email_domain_key is not distinct from mail_domains.domain
    where
        companies.domain_key is not null
        and mail_domains.domain is null
        and companies.object is not distinct from 'company'
        and companies.is_archived is false
        and companies.merged_into_id is null
        and coalesce(companies_named.company_id, companies.record_id) is not distinct from companies.record_id

),

final as (

    select * from cited_kinds
    union
    select * from domain_matches

)

select * from final
