-- Grain: proposal, with the most confidence that the record of its actor and source allows (CNF-3). Never more than it claims itself.
-- A band that claimed more than it held counts against every claim, above and below: to move to a band without a record opens nothing.
with proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

recorded as (

    select * from {{ ref('int_claims_recorded') }}

),

ceilings as (

    select
        proposals.proposal_key,
        min(recorded.highest_share) as confidence_ceiling
    from proposals
    left join settings
        on proposals.policy_hash is not distinct from settings.policy_hash
    inner join recorded
        on
            proposals.manifest_id is not distinct from recorded.manifest_id
            and proposals.actor_type is not distinct from recorded.actor_type
            and proposals.actor_id is not distinct from recorded.actor_id
            and proposals.source is not distinct from recorded.source
    where
        recorded.claims >= coalesce(settings.least_confidence_record, 1)
        and (
            recorded.highest_share < recorded.confidence_band
            or recorded.confidence_band is not distinct from {{ confidence_band('proposals.confidence') }}
        )
    group by proposals.proposal_key

),

final as (

    select
        proposals.proposal_key,
        least(100, coalesce(ceilings.confidence_ceiling, 100)) as confidence_ceiling
    from proposals
    left join ceilings
        on proposals.proposal_key is not distinct from ceilings.proposal_key

)

select * from final
