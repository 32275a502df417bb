{# Values travel as JSON text. These read them; a NULL goes in, a NULL or `true for empty` comes out. #}

{# The member `name` of the object `document`, as JSON text. A JSON pointer, so that no name can become a path. #}
{% macro json_member(document, name) -%}
    cast(json_extract({{ document }}, '/' || replace(replace({{ name }}, '~', '~0'), '/', '~1')) as varchar)
{%- endmacro %}

{# A JSON value as plain text: strings lose their quotes. #}
{% macro json_text(value) -%}
    json_extract_string({{ value }}, '$')
{%- endmacro %}

{# The member with the fixed name `name`, as plain text. #}
{% macro json_text_at(document, name) -%}
    json_extract_string({{ document }}, '$.{{ name }}')
{%- endmacro %}

{# True for NULL, null, a blank string, an empty list, an empty object. #}
{% macro is_empty_json(value) -%}
    (coalesce(trim({{ value }}), 'null') in ('null', '[]', '{}') or coalesce(trim(json_extract_string({{ value }}, '$')), '') = '')
{%- endmacro %}

{# True when every element of `wanted` (a list or one value) stands in the list `held` (a list or one value). #}
{% macro json_list_contains_all(held, wanted) -%}
    list_has_all({{ json_as_list(held) }}, {{ json_as_list(wanted) }})
{%- endmacro %}

{% macro json_as_list(value) -%}
    case when json_type({{ value }}) = 'ARRAY' then cast(json_extract({{ value }}, '$[*]') as varchar[]) else [{{ value }}] end
{%- endmacro %}
