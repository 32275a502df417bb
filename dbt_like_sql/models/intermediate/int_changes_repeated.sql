-- Grain: change whose deed is already done, approved, queued, or done by a twin of this run, with what it repeats (IDN-4).
-- Chosen after gating, by severity and then proposal id, among changes that were not stopped: a stopped twin never
-- swallows a passing one.
with changes as (

    select * from {{ ref('int_changes_ranked') }}
    where (severity <= 4) is true

),

passing_changes as (

    select * from changes
    where (severity <= 3) is true

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

-- Automatic and not expired, or queued: what waits for a person never lapses.
open_earlier as (

    select
        manifest_id,
        change_id,
        deed_key,
        decided_at,
        sealed_sequence,
        evidence,
        -- To what a person said no, and what nobody brings new proof for, stays answered.
        coalesce(standing in ('rejected', 'declined'), false) as is_refused,
        coalesce(lane = 'suggest', true) as is_suggestion,
        {{ waits_for_person('lane', 'standing') }} as is_waiting
    from {{ ref('stg_books__earlier_changes') }}
    where
        coalesce(lane in ('auto', 'suggest', 'review'), false)
        -- What was taken back answers for nothing.
        and standing is distinct from 'undone'
    -- A later write of the same field took its place: to want the first value again is news.
    qualify
        lane is distinct from 'auto'
        or field is null
        or effective_action is distinct from 'update'
        or sealed_sequence is not distinct from max(sealed_sequence) filter (where lane is not distinct from 'auto')
            over (partition by manifest_id, object, record_id, field)

),

replayed as (

    select * from {{ ref('int_proposals_replayed') }}

),

same_deed_earlier as (

    select
        changes.change_id,
        arg_min(
            open_earlier.change_id,
            struct_pack(sequence := open_earlier.sealed_sequence, change_id := open_earlier.change_id)
        ) as repeats_change_id
    from passing_changes as changes
    inner join settings
        on changes.policy_hash is not distinct from settings.policy_hash
    inner join open_earlier
        on
            changes.manifest_id is not distinct from open_earlier.manifest_id
            and changes.deed_key is not distinct from open_earlier.deed_key
            and changes.deed_key is not null
            -- A suggestion made earlier does not answer for a write.
            and (open_earlier.is_suggestion is false or changes.severity is not distinct from 2)
            and (open_earlier.is_refused is false or changes.evidence is not distinct from open_earlier.evidence)
            and (
                open_earlier.is_waiting
                or (open_earlier.decided_at >= changes.clock_at - to_days(cast(settings.approval_expires_days as integer))) is true
            )
    group by changes.change_id

),

twins as (

    select
        change_id,
        first_value(change_id) over (
            partition by manifest_id, deed_key
            order by severity, proposal_id, batch_key, line_number, ordinal
        ) as first_change_id
    from passing_changes
    where deed_key is not null

),

reasons as (

    select
        changes.proposal_key,
        changes.change_id,
        changes.is_action_row,
        changes.effective_action,
        changes.severity,
        coalesce(
            replayed.repeats_change_id,
            same_deed_earlier.repeats_change_id,
            case when twins.first_change_id is distinct from changes.change_id then twins.first_change_id end
        ) as repeats_change_id,
        -- What the whole action is refused, its fields are refused too, whatever they would change.
        changes.is_already_so and changes.action_severity <= 3 as is_already_so
    from changes
    left join replayed
        on changes.proposal_key is not distinct from replayed.proposal_key
    left join same_deed_earlier
        on changes.change_id is not distinct from same_deed_earlier.change_id
    left join twins
        on changes.change_id is not distinct from twins.change_id

),

-- What a repeated create or log would set is repeated with it.
final as (

    select
        reasons.change_id,
        coalesce(reasons.repeats_change_id, actions.repeats_change_id) as repeats_change_id,
        reasons.is_already_so
    from reasons
    left join reasons as actions
        on
            reasons.proposal_key is not distinct from actions.proposal_key
            and actions.is_action_row
            and actions.repeats_change_id is not null
            and actions.effective_action is distinct from 'update'
            and reasons.severity <= 3
    where
        reasons.is_already_so
        or reasons.repeats_change_id is not null
        or actions.repeats_change_id is not null

)

select * from final
