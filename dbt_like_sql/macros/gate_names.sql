{# THE LIST OF SQL GATES. A gate that is not listed here objects to nothing, so a test holds this list against the folder. #}

{# Gates that judge a change by itself. #}
{% macro gates_standing_alone() -%}
    {{ return([
        'gate_contract__field_unknown',
        'gate_contract__operation_unfit',
        'gate_contract__proposal_id_reused',
        'gate_contract__time_in_future',
        'gate_contract__time_unreadable',
        'gate_contract__time_without_zone',
        'gate_contract__unknown_action',
        'gate_contract__unknown_object',
        'gate_contract__value_invalid',
        'gate_identity__address_disposable',
        'gate_identity__address_not_personal',
        'gate_identity__company_domain_differs',
        'gate_identity__create_differs_from_record',
        'gate_identity__lookalike_domain',
        'gate_identity__reference_not_found',
        'gate_identity__shared_key',
        'gate_identity__target_ambiguous',
        'gate_identity__target_archived',
        'gate_identity__target_contradicted',
        'gate_identity__target_merged',
        'gate_identity__target_not_found',
        'gate_overwrite__blank_over_value',
        'gate_overwrite__seen_value_missing',
        'gate_overwrite__value_changed_since_read',
        'gate_policy__action_needs_approval',
        'gate_policy__action_not_granted',
        'gate_policy__actor_impersonates',
        'gate_policy__actor_switched_off',
        'gate_policy__actor_unknown',
        'gate_policy__actor_without_right',
        'gate_policy__append_only_field_replaced',
        'gate_policy__deal_above_threshold',
        'gate_policy__field_locked',
        'gate_policy__field_needs_approval',
        'gate_policy__field_not_granted',
        'gate_policy__required_field_missing',
        'gate_policy__source_without_right',
        'gate_policy__trigger_has_high_impact_effect',
    ]) }}
{%- endmacro %}

{# Gates that compare changes which would pass alone, or count them together: nobody else is freer for what they hold. #}
{% macro gates_between_changes() -%}
    {{ return([
        'gate_conflict__outranked_by_source',
        'gate_conflict__values_disagree',
        'gate_trigger__breaker_open',
        'gate_trigger__budget_spent',
    ]) }}
{%- endmacro %}
