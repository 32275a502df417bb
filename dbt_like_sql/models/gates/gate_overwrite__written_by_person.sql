-- What a person wrote lately is not overwritten by an agent (OVW-2). Where nobody knows who wrote it, a record that changed
-- lately counts as written by a person; an empty field only where it is known that a person emptied it.
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

last_writes as (

    select * from {{ ref('int_values_last_written') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'written_by_person' as reason,
        to_json(struct_pack(field := changes.field, writer := last_writes.writer, written_at := last_writes.written_at)) as details
    from changes
    left join last_writes
        on changes.change_id is not distinct from last_writes.change_id
    left join settings
        on changes.policy_hash is not distinct from settings.policy_hash
    where
        changes.is_action_row is not true
        and {{ overwrites_standing_value() }}
        and changes.actor_type is distinct from 'user'
        and (
            last_writes.change_id is null
            or (
                coalesce(last_writes.writer_kind not in ('agent', 'integration'), true)
                and (last_writes.writer_kind is not distinct from 'user' or changes.is_current_value_empty is not true)
                and (last_writes.written_at < changes.clock_at - to_days(cast(settings.human_shield_days as integer))) is not true
            )
        )

)

select * from final
