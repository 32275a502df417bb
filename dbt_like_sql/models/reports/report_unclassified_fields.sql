-- Grain: (object, field) of the CRM that the policy does not class: locked until somebody decides (FLD-2).
with records as (

    select
        snapshot_hash,
        object,
        unnest(json_keys(fields)) as field
    from {{ ref('stg_crm__records') }}

),

manifests as (

    select * from {{ ref('stg_writeback__manifests') }}

),

-- A field is classed under its own name or under a name it also goes by.
classified as (

    select
        policy_hash,
        object,
        field
    from {{ source('policy', 'fields') }}
    union
    select
        aliases.policy_hash,
        aliases.object,
        aliases.alias as field
    from {{ source('policy', 'field_aliases') }} as aliases
    inner join {{ source('policy', 'fields') }} as fields
        on
            aliases.policy_hash is not distinct from fields.policy_hash
            and aliases.object is not distinct from fields.object
            and aliases.field is not distinct from fields.field

),

final as (

    select
        records.object,
        records.field,
        count(*) as records
    from records
    inner join manifests
        on records.snapshot_hash is not distinct from manifests.snapshot_hash
    left join classified
        on
            manifests.policy_hash is not distinct from classified.policy_hash
            and records.object is not distinct from classified.object
            and records.field is not distinct from classified.field
    where
        classified.field is null
        -- Ours: what a write leaves beside its values, and suggestions.
        and records.field not like 'ai_writeback_%'
        and records.field not like 'ai_suggested_%'
        and coalesce(records.object in ('company', 'contact', 'deal', 'lead', 'activity'), false)
    group by records.object, records.field

)

select * from final
