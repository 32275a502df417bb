-- Two changes that would each pass alone want different values for one field: neither is written, both are one case (OVW-6).
with contenders as (

    select * from {{ ref('int_conflicts_found') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'values_disagree' as reason,
        to_json(struct_pack("case" := case_key, field := field, values_wanted := values_wanted)) as details
    from contenders
    where is_settled_by_source is not true

)

select * from final
