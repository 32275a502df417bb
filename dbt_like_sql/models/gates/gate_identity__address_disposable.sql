-- An address that is thrown away after use reaches nobody tomorrow, and hides who asked today (IDN-8).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'address_disposable' as reason,
        to_json(struct_pack(is_disposable := is_disposable_address)) as details
    from changes
    where
        is_action_row is not false
        and coalesce(effective_action, 'create') = 'create'
        and is_disposable_address is not false

)

select * from final
