-- An address that anybody can open, or that a team reads, says not who the new person is (IDN-8).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'address_not_personal' as reason,
        to_json(struct_pack(is_free_mail := is_free_mail_address, is_role := is_role_address)) as details
    from changes
    where
        is_action_row is not false
        and coalesce(effective_action, 'create') = 'create'
        and (is_free_mail_address is not false or is_role_address is not false)

)

select * from final
