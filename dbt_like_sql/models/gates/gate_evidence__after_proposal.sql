-- What happened later, or nobody knows when, cannot be what the proposal rests on (EVD-5).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

faulty as (

    select
        proposal_key,
        {{ some_ids('evidence_id') }} as evidence,
        min(happened_at) as happened_at
    from {{ ref('int_citations_judged') }}
    where
        is_found is not false
        and is_before_proposal is not true
    group by proposal_key

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'evidence_not_before' as reason,
        to_json(struct_pack(evidence := faulty.evidence, happened_at := faulty.happened_at)) as details
    from changes
    inner join faulty
        on changes.proposal_key is not distinct from faulty.proposal_key

)

select * from final
