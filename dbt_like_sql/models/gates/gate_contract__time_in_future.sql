-- A proposal from the future, beyond a small clock tolerance, is not what it says it is (CON-8).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'time_in_future' as reason,
        to_json(struct_pack(submitted_at := changes.submitted_at, read_at := changes.read_at, clock_at := changes.clock_at)) as details
    from changes
    left join settings
        on changes.policy_hash is not distinct from settings.policy_hash
    where
        changes.is_action_row is not false
        and (
            greatest(changes.submitted_at, changes.read_at)
            <= changes.clock_at + to_minutes(cast(settings.clock_tolerance_minutes as integer))
        ) is not true
        -- A time that could not be read has a gate of its own.
        and changes.has_time_without_zone is not true
        and changes.has_unreadable_time is not true

)

select * from final
