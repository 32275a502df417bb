-- A deal above the threshold, or whose amount cannot be converted, is created by a person's word only (HIA-1).
with proposals as (

    select * from {{ ref('int_changes_with_context') }}
    where
        is_action_row is not false
        and object is not distinct from 'deal'
        and effective_action is not distinct from 'create'

),

settings as (

    select * from {{ source('policy', 'settings') }}

),

rates as (

    select * from {{ source('policy', 'exchange_rates') }}

),

deal_fields as (

    select
        proposal_key,
        -- What is not a number may be any size.
        max(coalesce(try_cast({{ json_text('new_value') }} as double), 'infinity')) filter (where field is not distinct from 'amount') as amount,
        min(try_cast({{ json_text('new_value') }} as double)) filter (where field is not distinct from 'amount') as least_amount,
        max(upper({{ json_text('new_value') }})) filter (where field is not distinct from 'currency') as currency,
        count(distinct upper({{ json_text('new_value') }})) filter (where field is not distinct from 'currency') as currencies
    from {{ ref('int_changes_with_context') }}
    where is_new_value_empty is false
    group by proposal_key

),

final as (

    select
        proposals.manifest_id,
        proposals.proposal_id,
        proposals.change_id,
        'deal_above_threshold' as reason,
        to_json(struct_pack(
            amount := cast(deal_fields.amount as varchar), currency := deal_fields.currency,
            threshold := settings.deal_threshold, threshold_currency := settings.deal_currency
        )) as details
    from proposals
    left join deal_fields
        on proposals.proposal_key is not distinct from deal_fields.proposal_key
    left join settings
        on proposals.policy_hash is not distinct from settings.policy_hash
    left join rates
        on
            proposals.policy_hash is not distinct from rates.policy_hash
            and coalesce(deal_fields.currency, settings.deal_currency) is not distinct from rates.currency
    where
        (coalesce(deal_fields.amount, 0) * rates.rate <= settings.deal_threshold) is not true
        -- No deal is worth less than nothing, and none is in two currencies at once.
        or coalesce(deal_fields.least_amount, 0) < 0
        or coalesce(deal_fields.currencies, 0) > 1

)

select * from final
