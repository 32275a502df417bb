{# Whose budgets a proposal draws on (TRG-3): one row per scope. `uses` is the CTE that calls it, with the columns named here. #}
{% macro budget_scopes() -%}
    {{ return({
        'actor': "'actor:' || actor_type || ':' || actor_id",
        'workflow': "'workflow:' || workflow_id",
        'record': "'record:' || object || ':' || record_id",
    }) }}
{%- endmacro %}

{# What the policy allows a scope in a window. A record has no limit per day: what is much for a record shows within the hour. #}
{% macro budget_limit(scope, window) -%}
    case {{ scope }}
        when 'actor' then settings.writes_per_actor_per_{{ window }}
        when 'workflow' then settings.writes_per_workflow_per_{{ window }}
        when 'record' then settings.writes_per_record_per_hour{{ ' * 24' if window == 'day' }}
    end
{%- endmacro %}
