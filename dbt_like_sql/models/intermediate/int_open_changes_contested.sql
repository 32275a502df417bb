-- Grain: change that would be written by itself although an earlier one about the same field, with another value, is still
-- open: queued for a person, or automatic and not in the CRM yet (OVW-6).
with changes as (

    select
        judged.*,
        resolved.current_value,
        manifests.clock_at,
        settings.approval_expires_days,
        if(judged.operation = 'append', 'append', 'set ' || coalesce(judged.normalized_value, '')) as value_wanted
    from {{ ref('int_changes_judged_alone') }} as judged
    inner join {{ ref('int_changes_resolved') }} as resolved
        on judged.change_id is not distinct from resolved.change_id
    inner join {{ ref('stg_writeback__manifests') }} as manifests
        on judged.manifest_id is not distinct from manifests.manifest_id
    left join {{ source('policy', 'settings') }} as settings
        on judged.policy_hash is not distinct from settings.policy_hash
    left join {{ ref('int_proposals_replayed') }} as replayed
        on judged.proposal_key is not distinct from replayed.proposal_key
    where
        replayed.proposal_key is null
        and judged.field is not null
        and judged.record_id is not null
        and judged.is_already_so is not true
        and (judged.severity_alone <= 1) is true

),

-- Of automatic ones the last took the place of those before it.
earlier as (

    select
        *,
        if(operation = 'append', 'append', 'set ' || coalesce({{ json_text('new_value') }}, '')) as value_wanted,
        {{ waits_for_person('lane', 'standing') }} as is_waiting
    from {{ ref('stg_books__earlier_changes') }}
    where
        coalesce(lane in ('auto', 'review'), true)
        and had_standing
        and coalesce(standing not in ('rejected', 'declined', 'undone'), true)
        and is_action_row is false
        and effective_action is not distinct from 'update'
    qualify
        lane is distinct from 'auto'
        or sealed_sequence is not distinct from max(sealed_sequence) filter (where lane is not distinct from 'auto')
            over (partition by manifest_id, object, record_id, field)

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        changes.field,
        {{ field_case_key('changes.object', 'changes.record_id', 'changes.field') }} as case_key,
        count(*) as open_changes,
        to_json(list(distinct earlier.change_id order by earlier.change_id)[1:20]) as open_change_ids
    from changes
    inner join earlier
        on {{ same_field('changes', 'earlier') }}
    where
        earlier.value_wanted is distinct from changes.value_wanted
        and (
            earlier.is_waiting
            or (earlier.decided_at < changes.clock_at - to_days(cast(changes.approval_expires_days as integer))) is not true
        )
        -- Written already, or overtaken by somebody else's write: compare-and-set keeps it out (OVW-1).
        and (
            earlier.lane is distinct from 'auto'
            or earlier.old_value is not distinct from changes.current_value
            or ({{ is_empty_json('earlier.old_value') }} and {{ is_empty_json('changes.current_value') }})
        )
    group by changes.manifest_id, changes.proposal_id, changes.change_id, changes.object, changes.record_id, changes.field

)

select * from final
