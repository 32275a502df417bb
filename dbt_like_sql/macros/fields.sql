{# One field of one record, as one manifest sees it: the columns manifest_id, object, record_id and field. #}
{% macro same_field(left, right) -%}
    {{ left }}.manifest_id is not distinct from {{ right }}.manifest_id
    and {{ left }}.object is not distinct from {{ right }}.object
    and {{ left }}.record_id is not distinct from {{ right }}.record_id
    and {{ left }}.field is not distinct from {{ right }}.field
{%- endmacro %}

{# The rank of a source for a field: `ranks` is policy.source_precedence, `source` a column of `change`. #}
{% macro ranks_source(ranks, change, source) -%}
    {{ ranks }}.policy_hash is not distinct from {{ change }}.policy_hash
    and {{ ranks }}.object is not distinct from {{ change }}.object
    and {{ ranks }}.field is not distinct from {{ change }}.field
    and {{ ranks }}.source is not distinct from {{ change }}.{{ source }}
{%- endmacro %}

{# The key of the case about a field of a record: whatever is disputed about it is one case, in every run. #}
{% macro field_case_key(object, record, field) -%}
    sha256(to_json([{{ object }}, {{ record }}, {{ field }}]))
{%- endmacro %}

{# Whether a change puts another value in the place of the one that stands. Neither formatting nor an addition to a list
   does (FLD-8); a first value does, where the place was emptied. #}
{% macro overwrites_standing_value() -%}
    changes.effective_action is not distinct from 'update'
    and changes.record_id is not null
    and changes.field is not null
    and changes.is_already_so is not true
    and changes.is_formatting is not true
    and (changes.operation is distinct from 'append' or changes.is_current_value_empty is true)
{%- endmacro %}
