{# What a change would do, as a key: two changes with one key are the same deed (IDN-4, CON-4). NULL = not comparable. #}
{% macro deed_key() -%}
    case
        when is_action_row and effective_action = 'create' then 'create|' || create_key
        when is_action_row and effective_action = 'update' then null
        when is_action_row then effective_action || '|' || object || '|' || coalesce(record_id, '') || '|' || payload
        when effective_action = 'update' then cast(to_json([object, record_id, field, operation, new_value]) as varchar)
    end
{%- endmacro %}
