-- What the CRM looked like long ago says not what stands there now (OVW-7).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

manifests as (

    select * from {{ ref('stg_writeback__manifests') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'snapshot_too_old' as reason,
        to_json(struct_pack(snapshot_taken_at := manifests.snapshot_taken_at)) as details
    from changes
    left join manifests
        on changes.manifest_id is not distinct from manifests.manifest_id
    left join settings
        on changes.policy_hash is not distinct from settings.policy_hash
    where
        (
            manifests.snapshot_taken_at
            >= changes.clock_at - to_hours(cast(settings.snapshot_max_age_hours as integer))
        ) is not true

)

select * from final
