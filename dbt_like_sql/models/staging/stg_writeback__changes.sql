-- Grain: change of a readable proposal; ordinal 0 is the action row. The field carries the CRM's own name (CON-5).
with changes as (

    select * from {{ source('raw', 'proposal_changes') }}

),

proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

field_names as (

    select * from {{ source('facts', 'field_names') }}

),

final as (

    select
        proposals.manifest_id,
        changes.proposal_key,
        changes.change_id,
        changes.ordinal,
        changes.is_action_row,
        changes.field_as_given,
        field_names.field,
        changes.operation,
        changes.new_value,
        coalesce(changes.has_seen_value, false) as has_seen_value,
        changes.seen_value
    from changes
    inner join proposals
        on changes.proposal_key is not distinct from proposals.proposal_key
    left join field_names
        on
            proposals.manifest_id is not distinct from field_names.manifest_id
            and proposals.object is not distinct from field_names.object
            and changes.field_as_given is not distinct from field_names.field_as_given
            and changes.is_action_row is false

)

select * from final
