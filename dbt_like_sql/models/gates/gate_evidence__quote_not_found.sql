-- What is quoted has to stand there, in the right voice, at about the cited time (EVD-6).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

faulty as (

    select
        proposal_key,
        {{ some_ids('evidence_id') }} as evidence,
        min(quote_problem) as problem
    from {{ ref('int_citations_judged') }}
    where
        is_found is not false
        and coalesce(quote_problem, 'not_looked_up') <> ''
    group by proposal_key

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'quote_not_found' as reason,
        to_json(struct_pack(evidence := faulty.evidence, problem := faulty.problem)) as details
    from changes
    inner join faulty
        on changes.proposal_key is not distinct from faulty.proposal_key

)

select * from final
