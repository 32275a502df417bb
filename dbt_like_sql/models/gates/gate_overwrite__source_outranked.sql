-- A weaker source does not overwrite what a stronger one wrote (OVW-4). Whose source is not known or not ranked outranks
-- nobody. A person's edit outranks what another person brings from a weaker source, as long as OVW-2 shields it from agents.
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

last_writes as (

    select * from {{ ref('int_values_last_written') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

ranked_policies as (

    select distinct policy_hash from {{ source('policy', 'source_precedence') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'source_outranked' as reason,
        to_json(struct_pack(field := changes.field, source := changes.source, standing_source := last_writes.standing_source)) as details
    from changes
    left join last_writes
        on changes.change_id is not distinct from last_writes.change_id
    left join settings
        on changes.policy_hash is not distinct from settings.policy_hash
    left join ranked_policies
        on changes.policy_hash is not distinct from ranked_policies.policy_hash
    where
        changes.is_action_row is not true
        and {{ overwrites_standing_value() }}
        and changes.is_current_value_empty is not true
        and (
            last_writes.change_id is null
            -- A policy that ranks nothing at all was lost on the way.
            or (last_writes.standing_source is not null and ranked_policies.policy_hash is null)
            or (
                (last_writes.source_rank > last_writes.standing_source_rank) is true
                and (
                    last_writes.writer_kind is distinct from 'user'
                    or (
                        changes.actor_type is not distinct from 'user'
                        and (last_writes.written_at < changes.clock_at - to_days(cast(settings.human_shield_days as integer))) is not true
                    )
                )
            )
        )

)

select * from final
