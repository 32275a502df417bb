-- A change that points to a record which is not there, or is deleted, would hang in the air (IDN-9).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

looked_up as (

    select
        change_id,
        min(object) as referenced_object,
        bool_or(is_found is not true or is_archived is not false) as is_broken
    from {{ source('facts', 'payload_references') }}
    group by change_id

),

-- A value that nobody looked up is not known to point anywhere.
broken_fields as (

    select
        changes.proposal_key,
        changes.field,
        looked_up.referenced_object,
        changes.change_id,
        coalesce(changes.effective_action, 'log') = 'log' as is_of_an_activity
    from changes
    left join looked_up
        on changes.change_id is not distinct from looked_up.change_id
    where
        looked_up.is_broken is true
        or (
            looked_up.change_id is null
            and (
                (coalesce(changes.field, '') in {{ reference_fields() }} and changes.is_new_value_empty is not true)
                or (changes.is_action_row is not false and changes.action is not distinct from 'merge')
            )
        )

),

-- An activity is one thing: it is not logged without the record it is about.
final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'reference_not_found' as reason,
        to_json(struct_pack(
            fields := list(distinct broken_fields.field order by broken_fields.field),
            objects := list(distinct broken_fields.referenced_object order by broken_fields.referenced_object)
        )) as details
    from changes
    inner join broken_fields
        on
            changes.proposal_key is not distinct from broken_fields.proposal_key
            and (
                changes.change_id is not distinct from broken_fields.change_id
                or (changes.is_action_row is not false and broken_fields.is_of_an_activity is not false)
            )
    group by changes.manifest_id, changes.proposal_id, changes.change_id

)

select * from final
