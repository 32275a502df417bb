-- Grain: (actor, source, band of claimed confidence). What is claimed beside what held, and who is held to that record (CNF-3, RPT-3).
with standings as (

    select
        change_id,
        arg_max(standing, sequence) as standing
    from {{ source('books_before', 'change_standings') }}
    group by change_id

),

-- What a person says of a create, log, trigger or merge holds for its fields.
all_decisions as (

    select
        decisions.*,
        coalesce(
            standings.standing,
            case when decisions.effective_action is distinct from 'update' then actions.standing end
        ) as standing
    from {{ ref('decisions') }} as decisions
    left join standings
        on decisions.change_id is not distinct from standings.change_id
    left join standings as actions
        on decisions.proposal_key || ':0' is not distinct from actions.change_id

),

decisions as (

    select
        *,
        {{ is_claim_refuted('all_decisions') }} as is_refuted,
        {{ is_claim_standing('all_decisions') }} as is_standing
    from all_decisions
    where confidence is not null

),

proposals as (

    select
        proposal_key,
        max(actor_type) as actor_type,
        max(actor_id) as actor_id,
        max(source) as source,
        max(confidence) as confidence,
        bool_or(is_refuted) as is_refuted,
        bool_or(is_standing) as is_standing,
        bool_or(lane = 'auto') as is_written,
        bool_or(lane = 'review' and coalesce(standing, 'returned') = 'returned') as is_waiting
    from decisions
    group by proposal_key

),

counted as (

    select
        actor_type,
        actor_id,
        source,
        {{ confidence_band('confidence') }} as confidence_from,
        count(*) as claims,
        count(*) filter (where is_refuted) as refuted_claims,
        count(*) filter (where is_written and is_refuted is false) as written_claims,
        count(*) filter (where is_waiting and is_refuted is false) as waiting_claims,
        round(avg(confidence), 1) as average_claim
    from proposals
    where is_refuted or is_standing
    group by actor_type, actor_id, source, {{ confidence_band('confidence') }}

),

final as (

    select
        *,
        round({{ wilson_bound('(claims - refuted_claims)', 'claims', '-') }}, 1) as lowest_share,
        round({{ wilson_bound('(claims - refuted_claims)', 'claims', '+') }}, 1) as highest_share,
        {{ wilson_bound('(claims - refuted_claims)', 'claims', '+') }} < confidence_from as is_over_confident
    from counted

)

select * from final
