-- Grain: manifest. Did every gate of the policy look at every change of this run, and did all its objections arrive here?
with manifests as (

    select * from {{ ref('stg_writeback__manifests') }}

),

required_gates as (

    select
        manifests.manifest_id,
        manifests.run_id,
        gates.gate
    from manifests
    left join {{ source('policy', 'gates') }} as gates
        on
            manifests.policy_hash is not distinct from gates.policy_hash
            and gates.verdict is distinct from 'off'

),

changes as (

    select
        manifest_id,
        count(*) as changes_seen,
        cast(bit_xor(hash(change_id)) as varchar) as changes_digest
    from {{ ref('int_changes_with_context') }}
    group by manifest_id

),

objections as (

    select
        manifest_id,
        gate,
        count(*) as objections
    from {{ ref('int_objections_unioned') }}
    group by manifest_id, gate

),

attestations as (

    select * from {{ source('attestations', 'gate_attestations') }}
    union all by name
    select * from {{ source('checks', 'expectation_attestations') }}

),

gates_checked as (

    select
        required_gates.manifest_id,
        required_gates.gate,
        count(*) = 1 and bool_and(
            (
                attestations.changes_seen = changes.changes_seen
                and attestations.changes_digest = changes.changes_digest
                and attestations.objections = coalesce(objections.objections, 0)
            ) is true
        ) as is_attested
    from required_gates
    left join changes
        on required_gates.manifest_id is not distinct from changes.manifest_id
    left join objections
        on
            required_gates.manifest_id is not distinct from objections.manifest_id
            and required_gates.gate is not distinct from objections.gate
    left join attestations
        on
            required_gates.manifest_id is not distinct from attestations.manifest_id
            and required_gates.run_id is not distinct from attestations.run_id
            and required_gates.gate is not distinct from attestations.gate
    group by required_gates.manifest_id, required_gates.gate

),

final as (

    select
        manifest_id,
        bool_and(is_attested) as is_attested,
        to_json(list(coalesce(gate, 'no gate in the policy') order by gate) filter (where is_attested is false)) as gates_missing
    from gates_checked
    group by manifest_id

)

select * from final
