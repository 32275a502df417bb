-- Grain: change, with the citations of its proposal counted and what the policy still asks for (EVD-1, EVD-2).
with changes as (

    select * from {{ ref('int_changes_resolved') }}

),

proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

requirements as (

    select * from {{ source('policy', 'evidence_requirements') }}

),

kinds_held as (

    select * from {{ ref('int_evidence_kinds_held') }}

),

citations as (

    select
        proposal_key,
        count(*) as citation_count,
        count(*) filter (where is_found is false) as missing_citation_count,
        to_json(list_sort(list(distinct evidence_id), 'asc', 'nulls last')) as evidence
    from {{ ref('int_citations_judged') }}
    group by proposal_key

),

-- What a proposal says under the CRM's own field names; a requirement may hold for some of it only (a meeting, not a call).
field_values as (

    select distinct
        proposal_key,
        field,
        lower(trim(coalesce(normalized_value, {{ json_text('new_value') }}))) as field_value
    from changes
    where field is not null

),

-- Every alternative group of a requirement must be met, by any kind in it.
groups_asked as (

    select
        changes.change_id,
        requirements.requirement,
        requirements.alternative_group,
        bool_or(kinds_held.kind is not null or requirements.kind is not distinct from 'none') as is_met,
        list_sort(list(requirements.kind), 'asc', 'nulls last') as kinds_wanted
    from changes
    inner join proposals
        on changes.proposal_key is not distinct from proposals.proposal_key
    inner join requirements
        on
            proposals.policy_hash is not distinct from requirements.policy_hash
            and changes.object is not distinct from requirements.object
            and changes.effective_action is not distinct from requirements.action
            and coalesce(changes.field, '*') is not distinct from requirements.field
    left join field_values as conditions
        on
            changes.proposal_key is not distinct from conditions.proposal_key
            and requirements.condition_field is not distinct from conditions.field
            and requirements.condition_value is not distinct from conditions.field_value
    left join kinds_held
        on
            changes.proposal_key is not distinct from kinds_held.proposal_key
            and requirements.kind is not distinct from kinds_held.kind
    where
        requirements.condition_field is null
        or conditions.proposal_key is not null
    group by changes.change_id, requirements.requirement, requirements.alternative_group

),

-- A change for which the policy states nothing, not even `none`, has no row here and fails below.
asked as (

    select
        change_id,
        bool_and(coalesce(is_met, false)) as is_met,
        string_agg(
            array_to_string(kinds_wanted, ' or '), '; and ' order by requirement, alternative_group
        ) filter (where is_met is not true) as missing_evidence
    from groups_asked
    group by change_id

),

final as (

    select
        changes.change_id,
        coalesce(citations.citation_count, 0) as citation_count,
        coalesce(citations.missing_citation_count, 0) as missing_citation_count,
        coalesce(citations.evidence, '[]') as evidence,
        coalesce(asked.missing_evidence, case when asked.change_id is null then 'a rule in the policy' else '' end) as missing_evidence,
        coalesce(asked.is_met, false) as has_required_evidence
    from changes
    left join citations
        on changes.proposal_key is not distinct from citations.proposal_key
    left join asked
        on changes.change_id is not distinct from asked.change_id

)

select * from final
