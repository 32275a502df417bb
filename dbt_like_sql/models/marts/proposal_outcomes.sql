-- Grain: line of a batch: the outcome that can be handed back to the agent.
with decisions as (

    select * from {{ ref('decisions') }}

),

codes as (

    select
        proposal_key,
        unnest(cast(json_extract_string(reason_codes, '$[*]') as varchar[])) as reason_code
    from decisions

),

codes_by_proposal as (

    select
        proposal_key,
        to_json(list(distinct reason_code order by reason_code)) as reason_codes
    from codes
    group by proposal_key

),

labels as (

    select
        proposal_key,
        unnest(cast(json_extract_string(labels, '$[*]') as varchar[])) as label
    from decisions

),

labels_by_proposal as (

    select
        proposal_key,
        to_json(list(distinct label order by label)) as labels
    from labels
    group by proposal_key

),

proposals as (

    select
        batch_key,
        line_number,
        proposal_key,
        max(proposal_id) as proposal_id,
        max(action) filter (where is_action_row) as action,
        max(object) filter (where is_action_row) as object,
        max(record_id) as record_id,
        max(proposal_lane) as lane,
        to_json(
            list(struct_pack(field := field, lane := lane) order by ordinal) filter (where is_action_row is false)
        ) as field_lanes,
        max(decided_at) as decided_at
    from decisions
    group by batch_key, line_number, proposal_key

),

final as (

    select
        proposals.batch_key,
        proposals.line_number,
        proposals.proposal_key,
        proposals.proposal_id,
        proposals.action,
        proposals.object,
        proposals.record_id,
        proposals.lane,
        coalesce(codes_by_proposal.reason_codes, '[]') as reason_codes,
        coalesce(proposals.field_lanes, '[]') as field_lanes,
        coalesce(labels_by_proposal.labels, '[]') as labels,
        proposals.decided_at
    from proposals
    left join codes_by_proposal
        on proposals.proposal_key is not distinct from codes_by_proposal.proposal_key
    left join labels_by_proposal
        on proposals.proposal_key is not distinct from labels_by_proposal.proposal_key

)

select * from final
