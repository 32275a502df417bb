-- Grain: (batch, person to tell): one digest of what was denied, not a message per change (EXC-2).
with pending_changes as (

    select * from {{ ref('pending_changes') }}
    where is_owner_told

),

final as (

    select
        batch_key,
        coalesce(owner_id, 'fallback') as recipient_id,
        owner_id is null as is_fallback,
        count(*) as denied_changes,
        count(distinct record_id) as records,
        to_json(list(change_id order by change_id)) as change_ids,
        max(denied_at) as notified_at
    from pending_changes
    group by batch_key, owner_id

)

select * from final
