-- A domain that looks like a known one is somebody's slip or somebody's trap: never made or matched without a person (IDN-5).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

-- A create waits as a whole, so its fields need not say it again; of an update each field that has a domain speaks for itself.
final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'lookalike_domain' as reason,
        to_json(struct_pack(
            domain := domain_facts.lookalike_domain,
            looks_like := domain_facts.looks_like_domain,
            likeness := domain_facts.likeness
        )) as details
    from changes
    left join {{ source('facts', 'domain_facts') }} as domain_facts
        on changes.change_id is not distinct from domain_facts.change_id
    where
        changes.is_lookalike_domain is not false
        and (
            (changes.is_action_row is not false and coalesce(changes.action, 'create') = 'create')
            or (
                changes.is_action_row is not true
                and changes.action is distinct from 'create'
                and coalesce(changes.field, 'domain') in {{ domain_fields() }}
            )
        )

)

select * from final
