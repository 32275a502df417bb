-- Grain: change that would pass alone and wants another value for one field of one record than a second such change (OVW-6).
-- A change that fails by itself takes no part: it blocks nobody. Neither does a replay, nor a suggestion against a write: they
-- go to different fields. A record that is still to be made is known by its proposal.
with judged as (

    select * from {{ ref('int_changes_judged_alone') }}

),

replayed as (

    select * from {{ ref('int_proposals_replayed') }}

),

changes as (

    select
        judged.*,
        coalesce(judged.record_id, judged.proposal_key) as contested_record
    from judged
    left join replayed
        on judged.proposal_key is not distinct from replayed.proposal_key
    where
        replayed.proposal_key is null
        and judged.field is not null
        and (judged.severity_alone <= 2) is true

),

precedence as (

    select * from {{ source('policy', 'source_precedence') }}

),

ranked as (

    select
        changes.manifest_id,
        changes.proposal_id,
        changes.change_id,
        changes.object,
        changes.contested_record,
        changes.field,
        changes.severity_alone,
        -- Appends agree with each other, and with no replacement: what comes out would hang on the order.
        case
            when changes.operation = 'append' then 'append'
            else 'set ' || coalesce(changes.normalized_value, changes.new_value, '')
        end as value_wanted,
        precedence.rank
    from changes
    left join precedence
        on
            changes.policy_hash is not distinct from precedence.policy_hash
            and changes.object is not distinct from precedence.object
            and changes.field is not distinct from precedence.field
            and changes.source is not distinct from precedence.source

),

fields_contested as (

    select
        manifest_id,
        object,
        contested_record,
        field,
        severity_alone,
        count(distinct value_wanted) as values_wanted,
        count(*) filter (where rank is null) as unranked,
        min(rank) as strongest_rank
    from ranked
    group by manifest_id, object, contested_record, field, severity_alone

),

compared as (

    select
        ranked.*,
        contested.values_wanted,
        contested.unranked,
        {{ field_case_key('ranked.object', 'ranked.contested_record', 'ranked.field') }} as case_key,
        (ranked.rank is not distinct from contested.strongest_rank) as is_strongest
    from ranked
    inner join fields_contested as contested
        on
            ranked.manifest_id is not distinct from contested.manifest_id
            and ranked.object is not distinct from contested.object
            and ranked.contested_record is not distinct from contested.contested_record
            and ranked.field is not distinct from contested.field
            and ranked.severity_alone is not distinct from contested.severity_alone
    where (contested.values_wanted > 1) is true

),

final as (

    select
        *,
        -- Settled when every source is ranked and the strongest rank speaks with one voice.
        (
            unranked = 0
            and (
                min(case when is_strongest then value_wanted end) over contest
                is not distinct from max(case when is_strongest then value_wanted end) over contest
            )
        ) as is_settled_by_source
    from compared
    window contest as (partition by manifest_id, case_key, severity_alone)

)

select * from final
