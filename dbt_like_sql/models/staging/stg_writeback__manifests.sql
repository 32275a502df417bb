-- Grain: manifest of this run. What every decision below is a function of.
with manifests as (

    select * from {{ source('raw', 'run_manifests') }}

),

final as (

    select
        manifest_id,
        run_id,
        snapshot_hash,
        evidence_hash,
        policy_hash,
        model_hash,
        code_hash,
        ledger_sequence,
        ledger_head,
        clock_at,
        snapshot_taken_at
    from manifests
    where run_id is not distinct from '{{ var("run_id") }}'

)

select * from final
