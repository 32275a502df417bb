-- An actor that passes for a registered one writes nothing: its id but for letters that look alike, or its id under another type (FLD-7).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

actor_likeness as (

    select * from {{ source('facts', 'actor_likeness') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'actor_impersonates' as reason,
        to_json(struct_pack(
            actor := changes.actor_id,
            actor_type := changes.actor_type,
            looks_like := actor_likeness.looks_like,
            likeness := actor_likeness.likeness
        )) as details
    from changes
    left join actor_likeness
        on
            changes.manifest_id is not distinct from actor_likeness.manifest_id
            and changes.actor_id is not distinct from actor_likeness.actor_id
            and changes.actor_type is not distinct from actor_likeness.actor_type
    where
        changes.is_action_row is not false
        and actor_likeness.is_impersonating is distinct from false

)

select * from final
