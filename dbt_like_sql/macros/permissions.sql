{# When a row of rights ('*' = any) covers a change. An action row needs the action; a field row needs the field. #}
{% macro right_covers_change(rights, change) -%}
    {{ change }}.policy_hash is not distinct from {{ rights }}.policy_hash
    and ({{ rights }}.object = '*' or {{ rights }}.object = {{ change }}.object) is true
    and ({{ rights }}.action = '*' or {{ rights }}.action = {{ change }}.effective_action) is true
    and ({{ change }}.is_action_row or {{ rights }}.field = '*' or {{ rights }}.field = {{ change }}.field) is true
{%- endmacro %}

{# How sure we are of the record, 0 to 100. Where no record is meant there is nothing to be unsure of. #}
{% macro match_confidence(matched) -%}
    case
        when {{ matched }}.record_state in ('found', 'merged') then coalesce(100 * {{ matched }}.match_probability, 0)
        else 100
    end
{%- endmacro %}
