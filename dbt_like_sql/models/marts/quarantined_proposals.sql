-- Grain: proposal line that was not judged further: it could not be read, or its id was used for something else (CON-2, CON-4).
with decisions as (

    select * from {{ ref('decisions') }}

),

sealed_batches as (

    select * from {{ source('books', 'sealed_batches') }}

),

final as (

    select
        decisions.batch_key,
        sealed_batches.file_name,
        decisions.line_number,
        decisions.proposal_key,
        decisions.proposal_id,
        decisions.reason_codes,
        decisions.objections as reasons,
        decisions.new_value as content,
        decisions.decided_at as quarantined_at
    from decisions
    left join sealed_batches
        on decisions.batch_key is not distinct from sealed_batches.batch_key
    where
        decisions.lane is not distinct from 'quarantine'
        and decisions.is_action_row

)

select * from final
