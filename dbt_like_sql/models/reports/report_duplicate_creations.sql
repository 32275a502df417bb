-- Grain: (workflow, actor, source, object). How many creates would have made a duplicate by exact key (RPT-1).
with decisions as (

    select * from {{ ref('decisions') }}
    where
        is_action_row
        and action = 'create'

),

final as (

    select
        coalesce(workflow_id, '(none)') as workflow_id,
        actor_id,
        source,
        object,
        count(*) as creates_proposed,
        count(*) filter (where effective_action = 'update') as duplicates_of_records,
        count(*) filter (where effective_action = 'create' and repeats_change_id is not null) as duplicates_of_proposals,
        round(
            count(*) filter (where effective_action = 'update' or repeats_change_id is not null) / count(*), 4
        ) as duplicate_share
    from decisions
    group by coalesce(workflow_id, '(none)'), actor_id, source, object

)

select * from final
