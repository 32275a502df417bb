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
        {{ json_member('records.field_writers', 'changes.field') }} as writer,
        records.updated_at
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

-- An edit of unknown time is not later than the last change of its record.
edits as (

    select
        change_id,
        proposal_key,
        coalesce({{ json_text_at('writer', 'by') }} not like 'user:%', true) as is_by_nobody,
        coalesce(try_cast({{ json_text_at('writer', 'at') }} as timestamp), updated_at) as edited_at
    from changes_with_writer

),

final as (

    select
        edits.change_id,
        edits.edited_at,
        newest_evidence.happened_at as evidence_at,
        edits.is_by_nobody or coalesce(newest_evidence.happened_at > edits.edited_at, false) as is_evidence_newer
    from edits
    left join newest_evidence
        on edits.proposal_key is not distinct from newest_evidence.proposal_key

)

select * from final
