{# How a value does by a survivorship rule: the higher one survives, NULL loses. Reads columns of the model that calls it:
   is_by_person, written_at, source_rank (1 = the strongest source of the field), value_size. #}
{% macro survivorship_score(rule) -%}
    case {{ rule }}
        when 'human' then case when is_by_person then epoch_us(written_at) end
        when 'source_precedence' then - source_rank
        when 'complete' then value_size
        when 'recent' then epoch_us(written_at)
    end
{%- endmacro %}

{# The size of a value: items of a list, letters of anything else. #}
{% macro value_size(value) -%}
    case json_type({{ value }})
        when 'ARRAY' then json_array_length({{ value }})
        else length({{ json_text(value) }})
    end
{%- endmacro %}
