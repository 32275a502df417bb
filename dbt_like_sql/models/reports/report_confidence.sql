-- Grain: (source, confidence band of ten points). What agents claim, beside what became of it (RPT-3).
with decisions as (

    select * from {{ ref('decisions') }}
    where
        is_action_row
        and confidence is not null

),

final as (

    select
        source,
        cast(least(floor(confidence / 10) * 10, 90) as integer) as confidence_from,
        count(*) as proposals,
        count(*) filter (where proposal_lane = 'auto') as auto_proposals,
        count(*) filter (where proposal_lane in ('review', 'suggest')) as held_proposals,
        count(*) filter (where proposal_lane in ('deny', 'quarantine')) as stopped_proposals
    from decisions
    group by source, cast(least(floor(confidence / 10) * 10, 90) as integer)

)

select * from final
