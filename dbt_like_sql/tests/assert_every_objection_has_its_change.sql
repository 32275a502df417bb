-- Would have caught a gate that speaks of a change nobody knows, and so stops nothing.
with objections as (

    select * from {{ ref('int_objections_unioned') }}

),

changes as (

    select change_id from {{ ref('int_changes_with_context') }}

),

final as (

    select
        objections.gate,
        objections.change_id
    from objections
    left join changes
        on objections.change_id is not distinct from changes.change_id
    where changes.change_id is null

)

select * from final
