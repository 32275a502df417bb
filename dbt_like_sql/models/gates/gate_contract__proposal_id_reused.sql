-- One proposal id, two contents: nobody can say which is meant, so neither is (CON-4).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        -- Who is unknown or switched off is denied anyway, and must not block a colleague by using up ids.
        and actor_status is not distinct from 'active'

),

earlier as (

    select * from {{ ref('stg_books__earlier_changes') }}
    where is_action_row is not false

),

contents as (

    select
        manifest_id,
        proposal_id,
        content_hash
    from proposals
    union
    select
        manifest_id,
        proposal_id,
        content_hash
    from earlier
    where
        lane is distinct from 'quarantine'
        and had_standing is not false

),

contents_counted as (

    select
        manifest_id,
        proposal_id,
        count(distinct coalesce(content_hash, '')) as contents
    from contents
    group by manifest_id, proposal_id

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'proposal_id_reused' as reason,
        to_json(struct_pack(proposal_id := proposals.proposal_id, contents := counted.contents)) as details
    from proposals
    left join contents_counted as counted
        on
            proposals.manifest_id is not distinct from counted.manifest_id
            and proposals.proposal_id is not distinct from counted.proposal_id
    where
        (counted.contents = 1) is not true
        or proposals.content_hash is null

)

select * from final
