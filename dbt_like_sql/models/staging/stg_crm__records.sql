-- Grain: record of a CRM snapshot.
with records as (

    select * from {{ source('raw', 'crm_records') }}

),

final as (

    select
        snapshot_hash,
        object,
        record_id,
        fields,
        field_writers,
        history,
        created_at,
        updated_at,
        coalesce(is_archived, true) as is_archived,
        merged_into_id,
        coalesce(is_archived, true) is false and merged_into_id is null as is_live
    from records

)

select * from final
