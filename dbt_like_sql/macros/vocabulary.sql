{# The contract's closed word lists (contract section 3). Whatever is not in them is denied (CON-6). #}

{% macro known_objects() -%}
    ('company', 'contact', 'deal', 'lead', 'activity', 'enrollment', 'suppression')
{%- endmacro %}

{% macro known_actions() -%}
    ('create', 'update', 'log', 'trigger', 'merge')
{%- endmacro %}
