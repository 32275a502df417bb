-- Grain: live record of the last dedupe run's snapshot, with the entity that it stands for (IDN-11).
with entities as (

    select * from {{ source('books', 'dedupe_entity_ids') }}

),

runs as (

    select * from {{ source('books', 'dedupe_runs') }}

),

final as (

    select
        entities.record_object as object,
        entities.record_id,
        entities.entity_id,
        entities.is_first,
        count(*) over (partition by entities.entity_id) as records,
        runs.snapshot_hash,
        runs.found_at
    from entities
    inner join runs
        on entities.dedupe_sequence = runs.dedupe_sequence

)

select * from final
