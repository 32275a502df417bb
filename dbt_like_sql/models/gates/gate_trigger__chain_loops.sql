-- A chain of causes that comes back to itself is cut, also where only the workflows' own records show it (TRG-2).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where is_action_row is not false

),

chains as (

    select * from {{ source('facts', 'cause_chains') }}

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'chain_loops' as reason,
        to_json(struct_pack(loop := chains.loop, depth := chains.depth)) as details
    from proposals
    left join chains
        on proposals.proposal_key is not distinct from chains.proposal_key
    where
        chains.loop is not null
        -- A chain that nobody followed may go round.
        or chains.depth is null

)

select * from final
