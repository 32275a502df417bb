-- Grain: citation. What was cited and what is known of it, held against each other: a citation without a fact counts as missing.
with cited as (

    select * from {{ source('raw', 'proposal_citations') }}

),

facts as (

    select * from {{ source('facts', 'citation_facts') }}

),

final as (

    select
        coalesce(cited.proposal_key, facts.proposal_key) as proposal_key,
        coalesce(cited.citation_ordinal, facts.citation_ordinal) as citation_ordinal,
        coalesce(cited.evidence_id, facts.evidence_id) as evidence_id,
        facts.evidence_type,
        facts.evidence_state,
        facts.happened_at,
        coalesce(cited.proposal_key is not null and facts.is_found, false) as is_found,
        coalesce(facts.is_about_record, false) as is_about_record,
        coalesce(facts.is_by_record, false) as is_by_record,
        coalesce(facts.quote_problem, 'not_looked_up') as quote_problem
    from cited
    full outer join facts
        on
            cited.proposal_key is not distinct from facts.proposal_key
            and cited.citation_ordinal is not distinct from facts.citation_ordinal

)

select * from final
