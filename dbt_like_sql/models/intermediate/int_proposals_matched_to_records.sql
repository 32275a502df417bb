-- Grain: proposal. Which record is meant, or why none is (IDN-1, IDN-3, IDN-9).
-- Candidates come from the matching step; this model only ranks live ones first and names the state.
with proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

candidates as (

    select * from {{ source('facts', 'match_candidates') }}

),

records as (

    select * from {{ ref('stg_crm__records') }}

),

candidates_with_state as (

    select
        candidates.*,
        coalesce(candidates.is_key_shared, true) as is_shared,
        coalesce(records.is_live, false) as is_live,
        (candidates.match_method is not distinct from 'merge_trail') as is_by_trail
    from candidates
    inner join proposals
        on candidates.proposal_key is not distinct from proposals.proposal_key
    left join records
        on
            proposals.snapshot_hash is not distinct from records.snapshot_hash
            and candidates.object is not distinct from records.object
            and candidates.record_id is not distinct from records.record_id

),

candidates_counted as (

    select
        proposal_key,
        count(distinct record_id) filter (where is_live and is_by_trail is false) as live_records,
        count(*) filter (where is_live and is_by_trail) as records_by_trail,
        coalesce(bool_or(is_shared) filter (where is_live), false) as is_key_shared,
        to_json(list(struct_pack(
            record_id := record_id, match_method := match_method, match_probability := match_probability,
            is_key_shared := is_shared, is_live := is_live
        ) order by candidate_rank, record_id)) as match_candidates,
        arg_min(
            struct_pack(
                record_id := record_id, match_method := match_method, match_probability := match_probability,
                match_weight := match_weight, match_reason := match_reason
            ),
            struct_pack(is_dead := is_live is false, by_trail := is_by_trail, rank := candidate_rank, record_id := record_id)
        ) as best
    from candidates_with_state
    group by proposal_key

),

proposal_keys as (

    select * from {{ source('facts', 'proposal_keys') }}

),

-- What likeness says of a create (IDN-2, IDN-3), and of the record that an agent says it means.
likeness as (

    select
        statements.proposal_key,
        max(decisions.decision) filter (where statements.said_by = 'proposal') as decision,
        -- A statement that nobody compared speaks against the target; where nothing is said, nothing does.
        max(coalesce(decisions.target_probability, 0)) filter (where statements.fields is not null)
            as target_probability
    from {{ source('facts', 'identity_statements') }} as statements
    left join {{ source('facts', 'likeness_decisions') }} as decisions
        on
            statements.proposal_key is not distinct from decisions.proposal_key
            and statements.said_by is not distinct from decisions.said_by
    group by statements.proposal_key

),

-- A record with the proposal's own key is a candidate. Where there is one and the matching names none, it did not look.
keys_on_record as (
    {% for kind in ['email_key', 'domain_key', 'external_id_key'] %}
    select proposals.proposal_key
    from proposals
    inner join proposal_keys
        on proposals.proposal_key is not distinct from proposal_keys.proposal_key
    inner join {{ source('facts', 'prepared_records') }} as prepared
        on
            proposals.snapshot_hash is not distinct from prepared.snapshot_hash
            and proposals.object is not distinct from prepared.object
            and proposal_keys.{{ kind }} is not distinct from prepared.{{ kind }}
    where proposal_keys.{{ kind }} is not null
    {{ 'union' if not loop.last }}
    {% endfor %}
),

proposals_with_state as (

    select
        proposals.manifest_id,
        proposals.proposal_key,
        proposals.action,
        counted.best,
        counted.match_candidates,
        case
            when (proposals.action is not distinct from 'log') then 'no_target'
            when counted.live_records = 1 and counted.is_key_shared is false then 'found'
            when counted.live_records >= 1 then 'ambiguous'
            when counted.records_by_trail >= 1 then 'merged'
            when counted.proposal_key is not null then 'archived'
            when proposal_keys.proposal_key is null or keys_on_record.proposal_key is not null then 'not_found'
            when (proposals.action is not distinct from 'create') is false then 'not_found'
            -- Not to have looked is not to have found nothing.
            when
                proposals.object in ('contact', 'lead', 'company') and (likeness.decision is distinct from 'create')
                then 'ambiguous'
            else 'new'
        end as record_state,
        -- An id that nobody held against the evidence is in doubt.
        if(
            likeness.proposal_key is null, coalesce(proposals.object in ('contact', 'lead', 'company'), true),
            coalesce(likeness.target_probability < 0.5, false)
        ) as is_doubted
    from proposals
    left join candidates_counted as counted
        on proposals.proposal_key is not distinct from counted.proposal_key
    left join proposal_keys
        on proposals.proposal_key is not distinct from proposal_keys.proposal_key
    left join keys_on_record
        on proposals.proposal_key is not distinct from keys_on_record.proposal_key
    left join likeness
        on proposals.proposal_key is not distinct from likeness.proposal_key

),

final as (

    select
        manifest_id,
        proposal_key,
        record_state,
        -- A create that hits a record, or what it was merged into, is judged as an update of it (IDN-3).
        case when action = 'create' and record_state in ('found', 'merged') then 'update' else action end as effective_action,
        case when record_state in ('found', 'merged') then best.record_id end as record_id,
        best.match_method,
        best.match_probability,
        best.match_weight,
        best.match_reason,
        match_candidates,
        -- Only an id that an agent gave can be doubted so; what a key found is judged by the key.
        (is_doubted and coalesce(best.match_method in ('given_id', 'merge_trail'), false)) as is_target_doubted
    from proposals_with_state

)

select * from final
