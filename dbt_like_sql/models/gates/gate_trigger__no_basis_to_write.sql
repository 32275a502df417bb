-- Nobody is written to whose mails bounce, or for whom no lawful basis is on record where one is needed (TRG-1).
with triggers as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'trigger') = 'trigger'

),

workflows as (

    select * from {{ source('facts', 'trigger_workflows') }}

),

persons as (

    select * from {{ source('facts', 'trigger_persons') }}

),

countries as (

    select * from {{ source('policy', 'basis_free_countries') }}

),

final as (

    select
        triggers.manifest_id,
        triggers.proposal_id,
        triggers.change_id,
        'no_basis_to_write' as reason,
        to_json(struct_pack(country := max(persons.country), has_bounced := bool_or(persons.has_bounced))) as details
    from triggers
    left join workflows
        on triggers.proposal_key is not distinct from workflows.proposal_key
    left join persons
        on triggers.proposal_key is not distinct from persons.proposal_key
    left join countries
        on
            triggers.policy_hash is not distinct from countries.policy_hash
            and persons.country is not distinct from countries.country
    where
        workflows.is_sequence is not false
        and (
            persons.has_bounced is not false
            or (persons.has_lawful_basis is not true and countries.country is null)
        )
    group by triggers.manifest_id, triggers.proposal_id, triggers.change_id

)

select * from final
