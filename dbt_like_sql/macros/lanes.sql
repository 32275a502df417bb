{# Verdicts and lanes rank alike: quarantine > deny > review > suggest > auto > noop. What is not known counts as deny. #}

{% macro severity(verdict) -%}
    case {{ verdict }}
        when 'quarantine' then 5
        when 'deny' then 4
        when 'review' then 3
        when 'suggest' then 2
        when 'label' then 1
        when 'shadow' then 1
        when 'off' then 1
        else 4
    end
{%- endmacro %}

{% macro lane_of(severity) -%}
    case {{ severity }}
        when 5 then 'quarantine'
        when 4 then 'deny'
        when 3 then 'review'
        when 2 then 'suggest'
        when 1 then 'auto'
        when 0 then 'noop'
        else 'deny'
    end
{%- endmacro %}

{# What a change amounts to by itself: granted, not locked and without an objection is 1. A suggestion needs a field to go to. #}
{% macro own_severity(worst_objection) -%}
    case
        when is_granted is not true or (is_action_row is not true and coalesce(field_class, 'locked') not in ('safe', 'sensitive')) then
            greatest(4, coalesce({{ worst_objection }}, 1))
        when {{ worst_objection }} = 2 and has_suggestion_field is not true then 3
        else coalesce({{ worst_objection }}, 1)
    end
{%- endmacro %}

{# A field's lane is never more permissive than its action's; a create or log waits as a whole for its required fields. #}
{% macro severity_with_action(own_severity) -%}
    greatest(
        {{ own_severity }},
        max(
            case
                when is_action_row or (effective_action in ('create', 'log') and is_required) then {{ own_severity }}
            end
        ) over (partition by proposal_key)
    )
{%- endmacro %}

{# Whether a sealed change is before a person, whatever its age: what waits for somebody never lapses (RVW-6). An approval that
   ran out waits again, and so does what came back. What was answered or written does not. #}
{% macro waits_for_person(lane, standing) -%}
    ({{ standing }} is not distinct from 'returned'
        or ({{ lane }} is not distinct from 'review' and ({{ standing }} is null or {{ standing }} = 'approved')))
{%- endmacro %}

{# A lane's rank; what is not a lane ranks below everything, so that it is noticed. #}
{% macro lane_severity(lane) -%}
    case {{ lane }}
        when 'quarantine' then 5
        when 'deny' then 4
        when 'review' then 3
        when 'suggest' then 2
        when 'auto' then 1
        when 'noop' then 0
        else -1
    end
{%- endmacro %}
