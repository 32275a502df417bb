-- A key that several records carry, or a role mailbox, says nothing about who is meant (IDN-1).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where is_action_row is not false

),

candidates as (

    select * from {{ source('facts', 'match_candidates') }}

),

shared_keys as (

    select
        proposal_key,
        min(match_key) as match_key,
        count(distinct record_id) as records
    from candidates
    where
        is_key_shared is not false
        -- Likeness is no key: what is like several is `ambiguous`.
        and match_method is distinct from 'likeness'
    group by proposal_key

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'shared_key' as reason,
        to_json(struct_pack(key := shared_keys.match_key, records := shared_keys.records)) as details
    from proposals
    inner join shared_keys
        on proposals.proposal_key is not distinct from shared_keys.proposal_key

)

select * from final
