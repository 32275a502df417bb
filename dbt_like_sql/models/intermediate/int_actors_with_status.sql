-- Grain: (manifest, actor id and type that proposed something). Suspended in the policy or switched off by command (FLD-7).
with proposals as (

    select distinct
        manifest_id,
        policy_hash,
        ledger_sequence,
        actor_id,
        actor_type
    from {{ ref('stg_writeback__proposals') }}

),

actors as (

    select * from {{ source('policy', 'actors') }}

),

switches as (

    select * from {{ source('books_before', 'actor_switches') }}

),

last_switches as (

    select
        proposals.manifest_id,
        switches.actor_id,
        arg_max(switches.is_on, switches.sequence) as is_on
    from switches
    inner join proposals
        on
            switches.actor_id is not distinct from proposals.actor_id
            and (switches.sequence <= proposals.ledger_sequence) is true
    group by proposals.manifest_id, switches.actor_id

),

final as (

    select
        proposals.manifest_id,
        proposals.actor_id,
        proposals.actor_type,
        case
            when last_switches.is_on is false then 'switched_off'
            when actors.status in ('active', 'suspended') then actors.status
            else 'unknown'
        end as actor_status
    from proposals
    left join actors
        on
            proposals.policy_hash is not distinct from actors.policy_hash
            and proposals.actor_id is not distinct from actors.actor_id
            and proposals.actor_type is not distinct from actors.actor_type
    left join last_switches
        on
            proposals.manifest_id is not distinct from last_switches.manifest_id
            and proposals.actor_id is not distinct from last_switches.actor_id

)

select * from final
