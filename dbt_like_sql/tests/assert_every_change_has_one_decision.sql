-- Would have caught a lost join row or a doubled one: each change of the run is decided exactly once.
with changes as (

    select change_id from {{ ref('stg_writeback__changes') }}
    union all
    select proposal_key || ':0' as change_id from {{ ref('stg_writeback__quarantined_lines') }}

),

decided as (

    select
        change_id,
        count(*) as decisions
    from {{ ref('int_changes_decided') }}
    group by change_id

),

final as (

    select
        coalesce(changes.change_id, decided.change_id) as change_id,
        decided.decisions
    from changes
    full outer join decided
        on changes.change_id is not distinct from decided.change_id
    where
        changes.change_id is null
        or decided.decisions is distinct from 1

)

select * from final
