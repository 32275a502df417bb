-- Grain: (day, actor, source, object, action). Share of changes that passed, were reviewed, suggested, denied (RPT-2).
with decisions as (

    select * from {{ ref('decisions') }}

),

final as (

    select
        cast(decided_at as date) as decided_on,
        actor_id,
        source,
        object,
        action,
        count(*) as changes,
        count(*) filter (where lane = 'auto') as auto_changes,
        count(*) filter (where lane = 'suggest') as suggest_changes,
        count(*) filter (where lane = 'review') as review_changes,
        count(*) filter (where lane = 'deny') as deny_changes,
        count(*) filter (where lane = 'quarantine') as quarantine_changes,
        count(*) filter (where lane = 'noop') as noop_changes,
        round(count(*) filter (where lane = 'auto') / count(*), 4) as auto_share,
        round(count(*) filter (where lane = 'review') / count(*), 4) as review_share,
        round(count(*) filter (where lane = 'suggest') / count(*), 4) as suggest_share,
        round(count(*) filter (where lane = 'deny') / count(*), 4) as deny_share,
        round(count(*) filter (where lane = 'quarantine') / count(*), 4) as quarantine_share,
        round(count(*) filter (where lane = 'noop') / count(*), 4) as noop_share
    from decisions
    group by cast(decided_at as date), actor_id, source, object, action

)

select * from final
