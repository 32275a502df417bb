-- Grain: line of a batch file that could not be read as a proposal (CON-2).
with lines as (

    select * from {{ source('raw', 'proposal_lines') }}

),

batches as (

    select * from {{ ref('stg_writeback__batches') }}

),

final as (

    select
        batches.manifest_id,
        batches.policy_hash,
        batches.snapshot_hash,
        batches.clock_at,
        lines.batch_key,
        lines.line_number,
        lines.proposal_key,
        lines.file_name,
        lines.quarantine_reasons,
        lines.raw_text,
        lines.content_hash,
        lines.proposal_id,
        lines.batch_label,
        lines.idempotency_key,
        lines.actor_type,
        lines.actor_id,
        lines.source,
        lines.action,
        lines.object
    from lines
    inner join batches
        on lines.batch_key is not distinct from batches.batch_key
    where lines.is_readable is not true

)

select * from final
