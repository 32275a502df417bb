-- A person wrote the value after all that is cited for the new one: that person knew more (EVD-5).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

edits as (

    select * from {{ ref('int_human_edits_overruled') }}

),

final as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        'evidence_older_than_edit' as reason,
        to_json(struct_pack(edited_at := edits.edited_at, evidence_at := edits.evidence_at)) as details
    from changes
    left join edits
        on changes.change_id is not distinct from edits.change_id
    where
        changes.is_action_row is not true
        and changes.is_already_so is not true
        -- A field that may be written without evidence is the shield's business where none is cited (OVW-2).
        and changes.citation_count is distinct from 0
        and coalesce(changes.effective_action, 'update') = 'update'
        and edits.is_evidence_newer is not true

)

select * from final
