-- Grain: denied change that its owner is told of. Whether it waits or has expired, at the clock of the newest run (EXC-1).
with pending_changes as (

    select * from {{ ref('pending_changes') }}

),

-- The clock of the books, not of the machine: a rebuild says the same.
clocks as (

    select max(decided_at) as as_of
    from {{ ref('decisions') }}

),

final as (

    select
        pending_changes.change_id,
        pending_changes.actor_id,
        pending_changes.owner_id,
        pending_changes.action,
        pending_changes.object,
        pending_changes.record_id,
        pending_changes.field,
        pending_changes.why,
        pending_changes.to_pass,
        pending_changes.denied_at,
        pending_changes.expires_at,
        if((pending_changes.expires_at > clocks.as_of) is true, 'waiting', 'expired') as state
    from pending_changes
    cross join clocks
    where pending_changes.is_owner_told

)

select * from final
