-- Grain: batch of this run, with the inputs it is judged against.
with batches as (

    select * from {{ source('raw', 'run_batches') }}

),

manifests as (

    select * from {{ ref('stg_writeback__manifests') }}

),

final as (

    select
        manifests.manifest_id,
        manifests.run_id,
        manifests.snapshot_hash,
        manifests.evidence_hash,
        manifests.policy_hash,
        manifests.ledger_sequence,
        manifests.clock_at,
        batches.batch_key,
        batches.file_name,
        batches.is_readable,
        batches.line_count
    from batches
    inner join manifests
        on
            batches.manifest_id is not distinct from manifests.manifest_id
            and batches.run_id is not distinct from manifests.run_id

)

select * from final
