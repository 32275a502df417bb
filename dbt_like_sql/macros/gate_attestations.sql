{#- Law 1: a gate attests what it examined, so that a gate that did not run approves nothing. -#}

{% macro create_gate_attestations() %}
create table if not exists main.gate_attestations (
    run_id varchar,
    manifest_id varchar,
    gate varchar,
    changes_seen bigint,
    changes_digest varchar,
    objections bigint
)
{% endmacro %}

{#- After a gate is built: its earlier rows go, and one row per manifest says what stood before it. -#}
{% macro attest_gate() %}
delete from main.gate_attestations where gate = '{{ this.identifier }}';
insert into main.gate_attestations by name
select
    '{{ var("run_id") }}' as run_id,
    changes.manifest_id,
    '{{ this.identifier }}' as gate,
    count(*) as changes_seen,
    cast(bit_xor(hash(changes.change_id)) as varchar) as changes_digest,
    (select count(*) from {{ this }} as objections where objections.manifest_id is not distinct from changes.manifest_id) as objections
from {{ ref('int_changes_with_context') }} as changes
group by changes.manifest_id
{% endmacro %}
