{# Objections that no gate file makes: a gate that did not run, and a line that could not be read. #}

{% macro not_attested_objection(gates_missing) -%}
    to_json([struct_pack(
        gate := 'attestation', verdict := 'deny', reason := 'gate_did_not_run',
        details := cast('{"gates":' || {{ gates_missing }} || '}' as json)
    )])
{%- endmacro %}

{# `reasons` is the parser's list of {code, field, message}. #}
{% macro unreadable_objections(reasons) -%}
    to_json(list_transform(
        cast(json_extract({{ reasons }}, '$[*]') as varchar[]),
        lambda reason: struct_pack(
            gate := 'contract', verdict := 'quarantine', reason := json_extract_string(reason, '$.code'), details := cast(reason as json)
        )
    ))
{%- endmacro %}
