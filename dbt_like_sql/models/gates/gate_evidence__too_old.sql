-- Evidence of a kind that is asked for, and past its days: the world has moved on (EVD-5).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

too_old as (

    select * from {{ ref('int_evidence_too_old') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'evidence_too_old' as reason,
        to_json(struct_pack(evidence := {{ some_ids('too_old.evidence_id') }}, max_age_days := max(too_old.max_age_days))) as details
    from changes
    inner join too_old
        on
            changes.proposal_key is not distinct from too_old.proposal_key
            and changes.object is not distinct from too_old.object
            and changes.effective_action is not distinct from too_old.action
            and coalesce(changes.field, '*') = coalesce(too_old.field, '*')
    where changes.has_required_evidence is not true
    group by changes.manifest_id, changes.proposal_id, changes.change_id

)

select * from final
