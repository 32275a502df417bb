-- Grain: field of a proposal. Did a person write the value that stands there, and is the evidence newer than that (EVD-5)?
with changes as (

    select * from {{ ref('int_changes_resolved') }}

),

proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

records as (

    select * from {{ ref('stg_crm__records') }}

),

newest_evidence as (

    select
        citations.proposal_key,
        max(citations.happened_at) as happened_at
    from {{ ref('int_citations_judged') }} as citations
    where {{ is_usable('citations') }}
    group by citations.proposal_key

),

changes_with_writer as (

    select
        changes.change_id,
        changes.proposal_key,
        {{ json_member('records.field_writers', 'changes.field') }} as writer
    from changes
    inner join proposals
        on changes.proposal_key is not distinct from proposals.proposal_key
    left join records
        on
            proposals.snapshot_hash is not distinct from records.snapshot_hash
            and changes.object is not distinct from records.object
            and changes.record_id is not distinct from records.record_id
    where changes.is_action_row is not true

),

final as (

    select
        changes_with_writer.change_id,
        try_cast({{ json_text_at('changes_with_writer.writer', 'at') }} as timestamp) as edited_at,
        newest_evidence.happened_at as evidence_at,
        coalesce({{ json_text_at('changes_with_writer.writer', 'by') }} not like 'user:%', true)
        or coalesce(
            newest_evidence.happened_at > try_cast({{ json_text_at('changes_with_writer.writer', 'at') }} as timestamp), false
        ) as is_evidence_newer
    from changes_with_writer
    left join newest_evidence
        on changes_with_writer.proposal_key is not distinct from newest_evidence.proposal_key

)

select * from final
