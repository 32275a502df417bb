-- Grain: change, with the severity it would have if no other proposal of the run existed.
-- Conflict gates read this: a proposal that fails by itself blocks nobody (OVW-6).
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

objections as (

    select * from {{ ref('int_objections_standing_alone') }}

),

gates as (

    select * from {{ source('policy', 'gates') }}

),

worst_objections as (

    select
        changes.change_id,
        max({{ severity('gates.verdict') }}) as severity
    from objections
    inner join changes
        on objections.change_id is not distinct from changes.change_id
    left join gates
        on
            changes.policy_hash is not distinct from gates.policy_hash
            and objections.gate is not distinct from gates.gate
    group by changes.change_id

),

changes_with_own_severity as (

    select
        changes.*,
        {{ own_severity('worst_objections.severity') }} as own_severity
    from changes
    left join worst_objections
        on changes.change_id is not distinct from worst_objections.change_id

),

final as (

    select
        manifest_id,
        proposal_key,
        proposal_id,
        change_id,
        policy_hash,
        object,
        record_id,
        effective_action,
        field,
        operation,
        new_value,
        normalized_value,
        source,
        is_already_so,
        {{ severity_with_action('own_severity') }} as severity_alone
    from changes_with_own_severity

)

select * from final
