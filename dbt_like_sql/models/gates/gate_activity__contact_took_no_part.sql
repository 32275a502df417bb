-- An activity goes to the contact who took part in it, as sender, recipient, attendee or speaker (LOG-2).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and coalesce(action, 'log') = 'log'

),

evidence as (

    select * from {{ source('facts', 'activity_evidence') }}

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'contact_took_no_part' as reason,
        to_json(struct_pack(items_looked_at := evidence.item_count)) as details
    from proposals
    left join evidence
        on proposals.proposal_key is not distinct from evidence.proposal_key
    where
        evidence.has_part_taken is not true

)

select * from final
