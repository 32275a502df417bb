-- Grain: (manifest, actor, source, band of claimed confidence): how the claims did that were decided before this run (CNF-3).
-- What waits for a person, or is held by its confidence alone, counts for the source; a repeat proves nothing, nor does a denied right.
with earlier as (

    select
        *,
        {{ is_claim_refuted('earlier_changes') }} as is_refuted,
        {{ is_claim_standing('earlier_changes') }} as is_standing
    from {{ ref('stg_books__earlier_changes') }} as earlier_changes
    where confidence is not null

),

proposals as (

    select
        manifest_id,
        proposal_key,
        max(actor_type) as actor_type,
        max(actor_id) as actor_id,
        max(source) as source,
        {{ confidence_band('max(confidence)') }} as confidence_band,
        bool_or(is_refuted) as is_refuted,
        bool_or(is_standing) as is_standing
    from earlier
    group by manifest_id, proposal_key

),

counted as (

    select
        manifest_id,
        actor_type,
        actor_id,
        source,
        confidence_band,
        count(*) as claims,
        count(*) filter (where is_refuted) as refuted_claims
    from proposals
    where is_refuted or is_standing
    group by manifest_id, actor_type, actor_id, source, confidence_band

),

final as (

    select
        *,
        {{ wilson_bound('(claims - refuted_claims)', 'claims', '+') }} as highest_share
    from counted

)

select * from final
