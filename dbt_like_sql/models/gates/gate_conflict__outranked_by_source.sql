-- Where the policy ranks the sources, the strongest source's value goes on and the others wait (OVW-6).
with contenders as (

    select * from {{ ref('int_conflicts_found') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'outranked_by_source' as reason,
        to_json(struct_pack("case" := case_key, field := field, values_wanted := values_wanted)) as details
    from contenders
    where
        is_settled_by_source is not false
        and is_strongest is not true

)

select * from final
