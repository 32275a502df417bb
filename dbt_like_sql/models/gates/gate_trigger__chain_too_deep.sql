-- A chain of causes that is deeper than the policy allows is cut, and one that is said to be shorter than it is (TRG-2).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where is_action_row is not false

),

chains as (

    select * from {{ source('facts', 'cause_chains') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'chain_too_deep' as reason,
        to_json(struct_pack(depth := chains.depth, most := settings.trigger_max_depth, is_depth_false := chains.is_depth_false)) as details
    from proposals
    left join chains
        on proposals.proposal_key is not distinct from chains.proposal_key
    left join settings
        on proposals.policy_hash is not distinct from settings.policy_hash
    where
        (chains.depth <= settings.trigger_max_depth) is not true
        or chains.is_depth_false is not false

)

select * from final
