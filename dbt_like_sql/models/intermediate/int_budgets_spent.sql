-- Grain: (manifest, breaker that its proposals draw on): how much is used in the hour and the day before the clock, and what is allowed.
-- A reset starts the count anew. Without a limit nothing is allowed (law 1).
with uses as (

    select * from {{ ref('int_budget_uses') }}

),

manifests as (

    select * from {{ ref('stg_writeback__manifests') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

breaker_events as (

    select
        manifests.manifest_id,
        events.breaker_key,
        arg_max(events.is_open, events.sequence) as is_open,
        max(events.sequence) filter (where events.is_open is false) as reset_sequence,
        count(*) filter (where events.is_open is false) as resets
    from {{ source('books_before', 'breaker_events') }} as events
    inner join manifests
        on (events.sequence <= manifests.ledger_sequence) is true
    group by manifests.manifest_id, events.breaker_key

),

counted as (

    select
        uses.manifest_id,
        uses.scope,
        uses.breaker_key,
        count(distinct uses.use_key) filter (where (uses.used_at > manifests.clock_at - to_hours(1)) is not false) as hour_uses,
        count(distinct uses.use_key) as day_uses,
        coalesce(bool_or(breaker_events.is_open), false) as is_open,
        coalesce(max(breaker_events.resets), 0) as resets,
        bool_or(uses.is_of_this_run) as is_of_this_run,
        max(manifests.policy_hash) as policy_hash
    from uses
    inner join manifests
        on uses.manifest_id is not distinct from manifests.manifest_id
    left join breaker_events
        on
            uses.manifest_id is not distinct from breaker_events.manifest_id
            and uses.breaker_key is not distinct from breaker_events.breaker_key
    where
        uses.is_of_this_run
        or breaker_events.reset_sequence is null
        or uses.sealed_sequence > breaker_events.reset_sequence
    group by uses.manifest_id, uses.scope, uses.breaker_key

),

final as (

    select
        counted.manifest_id,
        counted.scope,
        counted.breaker_key,
        counted.hour_uses,
        counted.day_uses,
        coalesce({{ budget_limit('counted.scope', 'hour') }}, 0) as hour_limit,
        coalesce({{ budget_limit('counted.scope', 'day') }}, 0) as day_limit,
        counted.is_open,
        sha256(to_json([counted.breaker_key, cast(counted.resets as varchar)])) as case_key
    from counted
    left join settings
        on counted.policy_hash is not distinct from settings.policy_hash
    where counted.is_of_this_run

)

select * from final
