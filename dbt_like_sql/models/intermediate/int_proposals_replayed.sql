-- Grain: proposal that repeats an earlier one word for word, with the change it repeats (CON-4).
with proposals as (

    select
        changes.*,
        judged.severity_alone
    from {{ ref('int_changes_with_context') }} as changes
    inner join {{ ref('int_changes_judged_alone') }} as judged
        on changes.change_id is not distinct from judged.change_id
    where changes.is_action_row

),

earlier as (

    select * from {{ ref('stg_books__earlier_changes') }}
    where is_action_row

),

repeats_of_earlier as (

    select
        proposals.proposal_key,
        arg_min(earlier.change_id, struct_pack(sequence := earlier.sealed_sequence, change_id := earlier.change_id)) as repeats_change_id
    from proposals
    inner join earlier
        on
            proposals.manifest_id is not distinct from earlier.manifest_id
            and proposals.proposal_id is not distinct from earlier.proposal_id
            and proposals.content_hash is not distinct from earlier.content_hash
    where earlier.lane is distinct from 'quarantine'
    group by proposals.proposal_key

),

repeats_within_run as (

    select
        proposal_key,
        change_id,
        first_value(change_id) over (
            partition by manifest_id, proposal_id, content_hash
            order by severity_alone, batch_key, line_number
        ) as repeats_change_id
    from proposals

),

final as (

    select
        repeats_within_run.proposal_key,
        coalesce(repeats_of_earlier.repeats_change_id, repeats_within_run.repeats_change_id) as repeats_change_id
    from repeats_within_run
    left join repeats_of_earlier
        on repeats_within_run.proposal_key is not distinct from repeats_of_earlier.proposal_key
    where
        repeats_of_earlier.repeats_change_id is not null
        or repeats_within_run.repeats_change_id is distinct from repeats_within_run.change_id

)

select * from final
