-- A cancelled meeting was not held, a bounced mail not delivered, a draft not sent (EVD-4).
-- A log may cite what did not happen, and say so; where the log needs proof, it does not.
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

faulty as (

    select
        proposal_key,
        {{ some_ids('evidence_id') }} as evidence,
        min(evidence_state) as evidence_state
    from {{ ref('int_citations_judged') }}
    where
        is_found is not false
        and is_void_state is not false
    group by proposal_key

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'evidence_void' as reason,
        to_json(struct_pack(evidence := faulty.evidence, state := faulty.evidence_state)) as details
    from changes
    inner join faulty
        on changes.proposal_key is not distinct from faulty.proposal_key
    where
        changes.effective_action is distinct from 'log'
        or changes.has_required_evidence is not true

)

select * from final
