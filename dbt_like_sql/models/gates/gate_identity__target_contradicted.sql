-- The agent names a record by its id, and what it says or cites of the record fits another better, or none (IDN-1, IDN-2).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'target_contradicted' as reason,
        to_json(struct_pack(target_id := target_id, record_id := record_id)) as details
    from changes
    where
        is_action_row is not false
        and is_target_doubted is not false

)

select * from final
