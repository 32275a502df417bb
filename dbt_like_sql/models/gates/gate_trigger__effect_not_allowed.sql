-- What a workflow may not do if it were proposed directly, it may not do when it is triggered (TRG-4).
with triggers as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'trigger') = 'trigger'

),

effects as (

    select
        *,
        if(effect = 'create_record', 'create', 'update') as does
    from {{ source('facts', 'trigger_effects') }}

),

-- One row per effect that writes: granted by the policy, and within the rights of whoever triggers it.
judged as (

    select
        triggers.manifest_id,
        triggers.proposal_id,
        triggers.change_id,
        effects.effect,
        effects.object,
        effects.field,
        effects.does,
        coalesce(max(actions.class), 'locked') as action_class,
        -- What a new record would hold is unknown: a person looks at it anyway.
        coalesce(max(fields.class), 'locked') as field_class,
        count(rights.actor_id) > 0 as is_within_rights
    from triggers
    left join effects
        on triggers.proposal_key is not distinct from effects.proposal_key
    left join {{ source('policy', 'actions') }} as actions
        on
            triggers.policy_hash is not distinct from actions.policy_hash
            and effects.object is not distinct from actions.object
            and effects.does is not distinct from actions.action
    left join {{ source('policy', 'fields') }} as fields
        on
            triggers.policy_hash is not distinct from fields.policy_hash
            and effects.object is not distinct from fields.object
            and effects.does is not distinct from fields.action
            and effects.field is not distinct from fields.field
    left join {{ source('policy', 'actor_rights') }} as rights
        on
            triggers.policy_hash is not distinct from rights.policy_hash
            and triggers.actor_id is not distinct from rights.actor_id
            and (rights.object is not distinct from '*' or rights.object is not distinct from effects.object)
            and (rights.action is not distinct from '*' or rights.action is not distinct from effects.does)
            and (rights.field is not distinct from '*' or effects.does is not distinct from 'create' or rights.field is not distinct from effects.field)
    group by all

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'effect_not_allowed' as reason,
        to_json(struct_pack(effects := list(struct_pack(effect := effect, object := object, field := field) order by effect, object, field))) as details
    from judged
    where
        -- What nobody looked up may write anything.
        coalesce(effect, 'set_field') in ('set_field', 'create_record')
        and (action_class in ('safe', 'sensitive') and (does = 'create' or field_class in ('safe', 'sensitive')) and is_within_rights) is not true
    group by manifest_id, proposal_id, change_id

)

select * from final
