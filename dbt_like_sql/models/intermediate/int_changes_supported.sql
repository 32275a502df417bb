-- Grain: change other than the action row, with what all that its proposal cites says of its value (EVD-7).
with changes as (

    select * from {{ ref('int_changes_resolved') }}
    where is_action_row is not true

),

proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

-- A citation without a fact is one that nobody read (law 1).
readings as (

    select
        changes.change_id,
        value_support.evidence_id,
        value_support.reason,
        value_support.intent,
        coalesce(value_support.is_read, true) as is_read,
        coalesce(value_support.is_quoted, true) as is_quoted,
        coalesce(value_support.verdict, 'unread') as verdict
    from changes
    inner join {{ source('raw', 'proposal_citations') }} as citations
        on changes.proposal_key is not distinct from citations.proposal_key
    left join {{ source('facts', 'value_support') }} as value_support
        on
            changes.change_id is not distinct from value_support.change_id
            and citations.citation_ordinal is not distinct from value_support.citation_ordinal

),

read_changes as (

    select
        change_id,
        bool_or(is_read) as is_read,
        bool_or(is_quoted) as is_quoted,
        bool_or(verdict not in ('supports', 'hedged', 'silent')) as is_contradicted,
        bool_or(verdict = 'supports') as is_supported,
        bool_or(verdict = 'hedged') as is_hedged,
        max(intent) filter (where verdict in ('supports', 'contradicts')) as intent,
        min(evidence_id) filter (where verdict not in ('supports', 'hedged', 'silent')) as contradicting_evidence_id,
        min(reason) filter (where verdict not in ('supports', 'hedged', 'silent')) as contradicting_reason,
        coalesce(min(reason) filter (where verdict = 'hedged'), min(reason) filter (where verdict = 'silent')) as open_reason
    from readings
    group by change_id

),

-- The policy asks for evidence of this very field, or opens it for evidence only.
asked as (

    select distinct
        policy_hash,
        object,
        action,
        field
    from {{ source('policy', 'evidence_requirements') }}
    where kind is distinct from 'none'
    union
    select distinct
        policy_hash,
        object,
        action,
        field
    from {{ source('policy', 'unlocks') }}

),

final as (

    select
        changes.change_id,
        coalesce(asked.field is not null, true) as is_evidence_asked,
        read_changes.change_id is not null as is_cited,
        coalesce(read_changes.is_read, false) as is_read,
        coalesce(read_changes.is_quoted, false) as is_quoted,
        coalesce(read_changes.is_contradicted, false) as is_contradicted,
        coalesce(read_changes.is_supported, false) as is_supported,
        coalesce(read_changes.is_hedged, false) as is_hedged,
        read_changes.intent,
        read_changes.contradicting_evidence_id,
        read_changes.contradicting_reason,
        read_changes.open_reason
    from changes
    inner join proposals
        on changes.proposal_key is not distinct from proposals.proposal_key
    left join read_changes
        on changes.change_id is not distinct from read_changes.change_id
    left join asked
        on
            proposals.policy_hash is not distinct from asked.policy_hash
            and changes.object is not distinct from asked.object
            and changes.effective_action is not distinct from asked.action
            and changes.field is not distinct from asked.field

)

select * from final
