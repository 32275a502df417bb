-- Grain: line that could not be read as a proposal, in the shape of a decision, so that nothing that came in is missing (CON-2).
with lines as (

    select * from {{ ref('stg_writeback__quarantined_lines') }}

),

final as (

    select
        manifest_id,
        batch_key,
        line_number,
        proposal_key,
        proposal_id,
        proposal_key || ':0' as change_id,
        cast(0 as bigint) as ordinal,
        true as is_action_row,
        batch_label,
        content_hash,
        idempotency_key,
        actor_type,
        actor_id,
        source,
        action,
        action as effective_action,
        object,
        'quarantine' as lane,
        'quarantine' as proposal_lane,
        to_json(list_sort(list_distinct(json_extract_string(quarantine_reasons, '$[*].code')))) as reason_codes,
        {{ unreadable_objections('quarantine_reasons') }} as objections,
        '[]' as labels,
        policy_hash,
        snapshot_hash,
        '[]' as evidence,
        clock_at as decided_at,
        to_json(raw_text) as new_value
    from lines

)

select * from final
