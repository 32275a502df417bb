-- A change that points to a record which is not there, or is deleted, would hang in the air (IDN-9).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

broken_references as (

    select
        change_id,
        min(object) as referenced_object
    from {{ source('facts', 'payload_references') }}
    where
        is_found is not true
        or is_archived is not false
    group by change_id

),

broken_fields as (

    select
        changes.proposal_key,
        changes.field,
        broken_references.referenced_object,
        changes.change_id,
        coalesce(changes.effective_action, 'log') = 'log' as is_of_an_activity
    from changes
    inner join broken_references
        on changes.change_id is not distinct from broken_references.change_id

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
