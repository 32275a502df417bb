-- Grain: objection of a gate that judges changes one by one; the list of gates is macros/gate_names.sql.
with objections as (

    {% for gate in gates_standing_alone() %}
    select
        manifest_id,
        proposal_id,
        change_id,
        '{{ gate }}' as gate,
        reason,
        details
    from {{ ref(gate) }}
    union all
    {% endfor %}
    select
        manifest_id,
        proposal_id,
        change_id,
        gate,
        reason,
        details
    from {{ source('checks', 'expectation_objections') }}

),

final as (

    select * from objections

)

select * from final
