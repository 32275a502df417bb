-- An opt-out is never undone by an agent: not by any field, empty value, merge or workflow (HIA-2).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

standing as (

    select * from {{ source('facts', 'person_standing') }}

),

consent as (

    select * from {{ source('facts', 'consent_changes') }}

),

persons as (

    select * from {{ source('facts', 'trigger_persons') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'opt_out_undone' as reason,
        to_json(struct_pack(told_by := cast(standing.words as json))) as details
    from changes
    left join standing
        on changes.proposal_key is not distinct from standing.proposal_key
    left join consent
        on changes.change_id is not distinct from consent.change_id
    left join persons
        on changes.proposal_key is not distinct from persons.proposal_key
    where
        -- Whoever opted out stays so: only another opt-out may be written into a field of consent.
        (
            changes.is_action_row is not true
            and coalesce(changes.object, 'contact') in ('contact', 'lead')
            and changes.effective_action is distinct from 'create'
            and changes.is_already_so is not true
            and consent.is_consent_field is not false
            and consent.says_opted_out is not true
            and (standing.is_opted_out is not false or standing.is_opt_out_pending is not false)
        )
        -- Whichever of the two survives, its field may win.
        or (
            changes.is_action_row is not false
            and coalesce(changes.object, 'contact') in ('contact', 'lead')
            and coalesce(changes.action, 'merge') = 'merge'
            and standing.is_opt_out_split is not false
        )
        or (
            changes.is_action_row is not false
            and coalesce(changes.action, 'trigger') = 'trigger'
            and persons.clears_opt_out is not false
        )

)

select * from final
