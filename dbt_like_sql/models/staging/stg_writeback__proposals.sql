-- Grain: proposal that could be read: one line of a batch file.
with lines as (

    select * from {{ source('raw', 'proposal_lines') }}

),

batches as (

    select * from {{ ref('stg_writeback__batches') }}

),

final as (

    select
        batches.manifest_id,
        batches.snapshot_hash,
        batches.evidence_hash,
        batches.policy_hash,
        batches.ledger_sequence,
        batches.clock_at,
        lines.batch_key,
        lines.line_number,
        lines.proposal_key,
        lines.proposal_id,
        lines.batch_label,
        lines.content_hash,
        lines.idempotency_key,
        lines.submitted_at,
        lines.read_at,
        coalesce(lines.has_time_without_zone, true) as has_time_without_zone,
        coalesce(lines.has_unreadable_time, true) as has_unreadable_time,
        lines.actor_type,
        lines.actor_id,
        lines.actor_model,
        lines.workflow_id,
        lines.source,
        lines.action,
        lines.object,
        lines.target_id,
        lines.target_match,
        lines.confidence,
        lines.rationale,
        lines.causation_depth,
        to_json(struct_pack(
            root := lines.causation_root, parent := lines.causation_parent,
            depth := lines.causation_depth, path := cast(lines.causation_path as json)
        )) as causation,
        lines.payload,
        lines.extra
    from lines
    inner join batches
        on lines.batch_key is not distinct from batches.batch_key
    where lines.is_readable is true

)

select * from final
