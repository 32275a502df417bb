{# At most twenty ids of a group, in order, as JSON: what an objection shows of 10,000 citations. #}
{% macro some_ids(column) -%}
    to_json(list_slice(list_sort(list(distinct {{ column }}), 'asc', 'nulls last'), 1, 20))
{%- endmacro %}

{# True for a citation that exists, is about this record, in the right state and order, and truly quoted. Its age depends on the kind. #}
{% macro is_usable(citation) -%}
    (
        {{ citation }}.is_found is true
        and {{ citation }}.is_about_record is true
        and {{ citation }}.is_void_state is false
        and {{ citation }}.is_before_proposal is true
        and {{ citation }}.quote_problem is not distinct from ''
    )
{%- endmacro %}
