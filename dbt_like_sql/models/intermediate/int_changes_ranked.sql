-- Grain: change, with its final severity before repetition is looked at, and the key of what it would do.
with changes as (

    select * from {{ ref('int_changes_with_context') }}

),

objections as (

    select * from {{ ref('int_objections_unioned') }}

),

attested as (

    select * from {{ ref('int_gates_attested') }}

),

worst_objections as (

    select
        change_id,
        max({{ severity('verdict') }}) as severity
    from objections
    group by change_id

),

changes_with_own_severity as (

    select
        changes.manifest_id,
        changes.batch_key,
        changes.line_number,
        changes.proposal_key,
        changes.proposal_id,
        changes.change_id,
        changes.ordinal,
        changes.is_action_row,
        changes.is_required,
        changes.policy_hash,
        changes.clock_at,
        changes.effective_action,
        changes.is_already_so,
        changes.evidence,
        {{ deed_key() }} as deed_key,
        coalesce(attested.is_attested, false) as is_attested,
        coalesce(attested.gates_missing, '["all"]') as gates_missing,
        greatest(
            {{ own_severity('worst_objections.severity') }},
            case when coalesce(attested.is_attested, false) then 1 else 4 end
        ) as own_severity
    from changes
    left join worst_objections
        on changes.change_id is not distinct from worst_objections.change_id
    left join attested
        on changes.manifest_id is not distinct from attested.manifest_id

),

final as (

    select
        *,
        {{ severity_with_action('own_severity') }} as severity,
        max(case when is_action_row then own_severity end) over (partition by proposal_key) as action_severity
    from changes_with_own_severity

)

select * from final
