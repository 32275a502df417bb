-- Grain: live record that shares its entity with another one, as it stands in the CRM.
with entities as (

    select
        *,
        count(*) over (partition by entity_id) as records
    from {{ source('books', 'dedupe_entity_ids') }}

),

runs as (

    select * from {{ source('books', 'dedupe_runs') }}

),

records as (

    select * from {{ source('raw', 'crm_records') }}

),

final as (

    select
        entities.object,
        entities.entity_id as cluster_id,
        entities.record_object,
        entities.record_id,
        runs.policy_hash,
        records.fields,
        records.field_writers,
        records.created_at,
        records.updated_at
    from entities
    inner join runs
        on entities.dedupe_sequence = runs.dedupe_sequence
    inner join records
        on
            runs.snapshot_hash = records.snapshot_hash
            and entities.record_object = records.object
            and entities.record_id = records.record_id
    where entities.records > 1

)

select * from final
