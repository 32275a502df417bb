-- Grain: change, beside the record it means and that record's value today.
with changes as (

    select * from {{ ref('stg_writeback__changes') }}

),

proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

matched as (

    select * from {{ ref('int_proposals_matched_to_records') }}

),

records as (

    select * from {{ ref('stg_crm__records') }}

),

value_facts as (

    select * from {{ source('facts', 'value_facts') }}

),

formats as (

    select * from {{ source('policy', 'field_formats') }}

),

standing_values as (

    select * from {{ source('facts', 'standing_values') }}

),

changes_with_values as (

    select
        changes.*,
        proposals.object,
        matched.record_id,
        matched.effective_action,
        value_facts.normalized_value,
        formats.format as field_format,
        coalesce(value_facts.is_valid, changes.is_action_row) as is_value_valid,
        coalesce(value_facts.invalid_reason, '') as invalid_reason,
        coalesce(value_facts.is_empty, true) as is_new_value_empty,
        standing_values.normalized_value as normalized_current_value,
        {{ json_member('records.fields', 'changes.field') }} as current_value,
        coalesce({{ json_text_at('records.fields', 'owner') }}, {{ json_text_at('records.fields', 'account_owner') }}) as owner_id
    from changes
    inner join proposals
        on changes.proposal_key is not distinct from proposals.proposal_key
    left join matched
        on changes.proposal_key is not distinct from matched.proposal_key
    left join value_facts
        on changes.change_id is not distinct from value_facts.change_id
    left join formats
        on
            proposals.policy_hash is not distinct from formats.policy_hash
            and proposals.object is not distinct from formats.object
            and changes.field is not distinct from formats.field
    left join standing_values
        on
            changes.manifest_id is not distinct from standing_values.manifest_id
            and proposals.object is not distinct from standing_values.object
            and matched.record_id is not distinct from standing_values.record_id
            and changes.field is not distinct from standing_values.field
    left join records
        on
            proposals.snapshot_hash is not distinct from records.snapshot_hash
            and proposals.object is not distinct from records.object
            and matched.record_id is not distinct from records.record_id

),

final as (

    select
        *,
        {{ is_empty_json('current_value') }} as is_current_value_empty,
        -- An empty value seen is an empty value read, however each side writes it.
        coalesce(
            seen_value = current_value or ({{ is_empty_json('seen_value') }} and {{ is_empty_json('current_value') }}), false
        ) as is_seen_value_current,
        coalesce(case
            when is_action_row or record_id is null then false
            when operation = 'append' then {{ json_list_contains_all('current_value', 'new_value') }}
            -- Capitals are part of a name, not of an address.
            when field_format in ('email', 'domain') then lower(normalized_value) = lower(trim({{ json_text('current_value') }}))
            else new_value = current_value or normalized_value = {{ json_text('current_value') }}
        end, false) as is_already_so,
        -- The same value in another spelling (FLD-8). An addition to a list is none.
        coalesce(
            is_action_row is false and effective_action = 'update' and operation = 'set'
            and is_value_valid and normalized_value = normalized_current_value, false
        ) as is_formatting
    from changes_with_values

)

select * from final
