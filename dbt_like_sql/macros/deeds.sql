{# What a change would do, as a key: two changes with one key are the same deed (IDN-4, CON-4). NULL = not comparable.
   The value it starts from is part of it: to set a value again after somebody changed it is another deed. #}
{% macro deed_key() -%}
    case
        when is_action_row and effective_action = 'create' then 'create|' || coalesce(create_key, object || '|' || payload)
        when is_action_row and effective_action = 'update' then null
        when is_action_row and effective_action = 'trigger' then 'trigger|' || object || '|' || record_id || '|' || payload
        when is_action_row and effective_action = 'log' then 'log|' || coalesce(create_key, object || '|' || payload)
        when is_action_row then effective_action || '|' || object || '|' || payload
        when effective_action = 'update' and record_id is not null
            then cast(to_json([object, record_id, field, operation, coalesce(normalized_value, new_value), current_value]) as varchar)
    end
{%- endmacro %}
