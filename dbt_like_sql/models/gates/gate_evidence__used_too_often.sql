-- One item cannot justify more records or stage changes than the policy says (EVD-9). Every readable proposal counts.
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

faulty as (

    select
        proposal_key,
        {{ some_ids('evidence_id') }} as evidence,
        coalesce(bool_or(has_too_many_records), true) as has_too_many_records,
        max(record_count) as record_count,
        max(stage_change_count) as stage_change_count
    from {{ ref('int_citations_judged') }}
    where
        is_found is not false
        and (has_too_many_records is not false or has_too_many_stage_changes is not false)
    group by proposal_key

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'evidence_used_too_often' as reason,
        to_json(struct_pack(evidence := faulty.evidence, records := faulty.record_count, stage_changes := faulty.stage_change_count)) as details
    from changes
    inner join faulty
        on changes.proposal_key is not distinct from faulty.proposal_key
    -- Too many stages are no reason against the other fields.
    where
        faulty.has_too_many_records is not false
        or changes.field is not distinct from 'stage'
        or (changes.field is null and changes.is_action_row is not true)

)

select * from final
