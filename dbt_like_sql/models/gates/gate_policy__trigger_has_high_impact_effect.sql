-- A trigger is judged by what its workflow does: high-impact or unknown effects wait for a person (HIA-3).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'trigger') = 'trigger'

),

effects as (

    select * from {{ source('facts', 'trigger_effects') }}

),

fields as (

    select * from {{ source('policy', 'fields') }}
    where action is not distinct from 'update'

),

effects_judged as (

    select
        proposals.change_id,
        effects.effect,
        effects.field,
        coalesce(
            effects.is_workflow_found
            and (
                effects.effect in ('enroll_sequence', 'create_task', 'notify')
                or (effects.effect = 'set_field' and fields.class = 'safe' and fields.is_high_impact is false)
            ),
            false
        ) as is_harmless
    from proposals
    left join effects
        on proposals.proposal_key is not distinct from effects.proposal_key
    left join fields
        on
            proposals.policy_hash is not distinct from fields.policy_hash
            and effects.object is not distinct from fields.object
            and effects.field is not distinct from fields.field

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'trigger_has_high_impact_effect' as reason,
        to_json(struct_pack(effects := list(struct_pack(effect := judged.effect, field := judged.field) order by judged.effect, judged.field))) as details
    from proposals
    inner join effects_judged as judged
        on proposals.change_id is not distinct from judged.change_id
    where judged.is_harmless is not true
    group by proposals.manifest_id, proposals.proposal_id, proposals.change_id

)

select * from final
