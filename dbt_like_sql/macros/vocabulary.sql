{# The contract's closed word lists (contract section 3). Whatever is not in them is denied (CON-6). #}

{% macro known_objects() -%}
    ('company', 'contact', 'deal', 'lead', 'activity', 'enrollment', 'suppression')
{%- endmacro %}

{% macro known_actions() -%}
    ('create', 'update', 'log', 'trigger', 'merge')
{%- endmacro %}

{# Fields whose value is a domain, or has one: facts.domain_facts looks into each (IDN-5). #}
{% macro domain_fields() -%}
    ('additional_domains', 'domain', 'email', 'website')
{%- endmacro %}

{# Fields whose value is the id of a record of the CRM: facts.payload_references has a row for each such value (IDN-9). #}
{% macro reference_fields() -%}
    ('account_owner', 'company_id', 'contact_id', 'deal_id', 'owner', 'primary_contact_id', 'workflow_id')
{%- endmacro %}
