{# How a value does by each survivorship rule, as a map {rule: score}: the higher one survives. NULL loses.
   `field_value` is a row of int_duplicate_values_written; `source_rank` is 1 for the strongest source of the field. #}
{% macro survivorship_scores(field_value, source_rank) -%}
    map {
        'human': cast(case when {{ field_value }}.is_by_person then epoch_us({{ field_value }}.written_at) end as double),
        'source_precedence': cast(- {{ source_rank }} as double),
        'complete': cast(case json_type({{ field_value }}.field_value)
            when 'ARRAY' then json_array_length({{ field_value }}.field_value)
            else length({{ json_text(field_value ~ '.field_value') }})
        end as double),
        'recent': cast(epoch_us({{ field_value }}.written_at) as double)
    }
{%- endmacro %}
