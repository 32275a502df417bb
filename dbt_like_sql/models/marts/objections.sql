-- Grain: objection of one gate to one change, kept whatever the lane became.
with decisions as (

    select
        manifest_id,
        batch_key,
        proposal_key,
        proposal_id,
        change_id,
        lane,
        unnest(cast(json_extract(objections, '$[*]') as varchar[])) as objection
    from {{ ref('decisions') }}

),

final as (

    select
        manifest_id,
        batch_key,
        proposal_key,
        proposal_id,
        change_id,
        lane,
        {{ json_text_at('objection', 'gate') }} as gate,
        {{ json_text_at('objection', 'verdict') }} as verdict,
        {{ json_text_at('objection', 'reason') }} as reason,
        cast(json_extract(objection, '$.details') as varchar) as details
    from decisions

)

select * from final
