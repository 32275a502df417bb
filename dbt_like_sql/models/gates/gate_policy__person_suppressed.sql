-- Who opted out or is suppressed is not created again, under whatever address (HIA-2).
with creates as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(object, 'contact') in ('contact', 'lead')
        and coalesce(effective_action, 'create') = 'create'

),

standing as (

    select * from {{ source('facts', 'person_standing') }}

),

final as (

    select
        creates.manifest_id,
        creates.proposal_id,
        creates.change_id,
        'person_suppressed' as reason,
        to_json(struct_pack(told_by := cast(standing.words as json), is_by_name := standing.is_like_opted_out)) as details
    from creates
    left join standing
        on creates.proposal_key is not distinct from standing.proposal_key
    where
        standing.is_opted_out is not false
        or standing.is_opt_out_pending is not false
        or standing.is_like_opted_out is not false

)

select * from final
