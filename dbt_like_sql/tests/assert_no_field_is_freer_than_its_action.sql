-- Would have caught a field of a stopped proposal slipping through by itself.
with decided as (

    select
        change_id,
        proposal_key,
        is_action_row,
        lane,
        {{ lane_severity('lane') }} as severity
    from {{ ref('int_changes_decided') }}

),

final as (

    select
        fields.change_id,
        fields.lane,
        actions.lane as action_lane
    from decided as fields
    inner join decided as actions
        on
            fields.proposal_key is not distinct from actions.proposal_key
            and actions.is_action_row is true
    where
        fields.is_action_row is not true
        and fields.lane is distinct from 'noop'
        and (fields.severity >= actions.severity) is not true

)

select * from final
