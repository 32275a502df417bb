-- A create or log without a field that the policy requires, or of what it lists no field for, is not worth having (FLD-1).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(effective_action, 'create') in ('create', 'log')

),

fields_given as (

    select
        proposal_key,
        field
    from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not true
        and is_new_value_empty is false

),

required_fields as (

    select * from {{ source('policy', 'fields') }}
    where is_required is not false

),

objects_listed as (

    select distinct
        policy_hash,
        object,
        action
    from {{ source('policy', 'fields') }}

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'required_field_missing' as reason,
        to_json(struct_pack(fields := list(distinct required_fields.field order by required_fields.field))) as details
    from proposals
    left join required_fields
        on
            proposals.policy_hash is not distinct from required_fields.policy_hash
            and proposals.object is not distinct from required_fields.object
            and coalesce(proposals.effective_action, 'create') is not distinct from required_fields.action
    left join fields_given
        on
            proposals.proposal_key is not distinct from fields_given.proposal_key
            and required_fields.field is not distinct from fields_given.field
    left join objects_listed
        on
            proposals.policy_hash is not distinct from objects_listed.policy_hash
            and proposals.object is not distinct from objects_listed.object
            and coalesce(proposals.effective_action, 'create') is not distinct from objects_listed.action
    where
        (required_fields.field is not null and fields_given.field is null)
        or objects_listed.object is null
    group by proposals.manifest_id, proposals.proposal_id, proposals.change_id

)

select * from final
