-- Grain: objection, of every gate, with the verdict the policy gives that gate. A gate the policy does not know denies.
with objections as (

    select * from {{ ref('int_objections_standing_alone') }}
    {% for gate in gates_between_changes() %}
    union all
    select
        manifest_id,
        proposal_id,
        change_id,
        '{{ gate }}' as gate,
        reason,
        details
    from {{ ref(gate) }}
    {% endfor %}

),

manifests as (

    select * from {{ ref('stg_writeback__manifests') }}

),

gates as (

    select * from {{ source('policy', 'gates') }}

),

final as (

    select
        objections.manifest_id,
        objections.proposal_id,
        objections.change_id,
        objections.gate,
        coalesce(gates.verdict, 'deny') as verdict,
        objections.reason,
        objections.details
    from objections
    left join manifests
        on objections.manifest_id is not distinct from manifests.manifest_id
    left join gates
        on
            manifests.policy_hash is not distinct from gates.policy_hash
            and objections.gate is not distinct from gates.gate
    -- Switched off, where the policy may: then nobody hears it.
    where gates.verdict is distinct from 'off'

)

select * from final
