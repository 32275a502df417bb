-- An address at one company says that the person does not work at another (IDN-7).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

-- A create waits as a whole; one that hits a record is judged by the field, like any update.
final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'company_domain_differs' as reason,
        to_json(struct_pack(
            contact_domain := domain_facts.contact_domain, company_domain := domain_facts.company_domain
        )) as details
    from changes
    left join {{ source('facts', 'domain_facts') }} as domain_facts
        on changes.change_id is not distinct from domain_facts.change_id
    where
        changes.is_company_domain_other is not false
        and changes.is_already_so is not true
        and (
            (changes.is_action_row is not true and coalesce(changes.field, 'company_id') = 'company_id')
            or (changes.is_action_row is not false and coalesce(changes.effective_action, 'create') = 'create')
        )

)

select * from final
