-- Evidence that is about somebody else proves nothing here (EVD-3).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

faulty as (

    select
        proposal_key,
        {{ some_ids('evidence_id') }} as evidence
    from {{ ref('int_citations_judged') }}
    where
        is_found is not false
        and is_about_record is not true
    group by proposal_key

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'evidence_about_another' as reason,
        to_json(struct_pack(evidence := faulty.evidence)) as details
    from changes
    inner join faulty
        on changes.proposal_key is not distinct from faulty.proposal_key

)

select * from final
