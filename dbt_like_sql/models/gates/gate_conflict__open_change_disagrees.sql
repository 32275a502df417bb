-- An earlier change about the same field is still open and wants another value: one case, for one person (OVW-6).
with contested as (

    select * from {{ ref('int_open_changes_contested') }}

),

final as (

    select
        manifest_id,
        proposal_id,
        change_id,
        'open_change_disagrees' as reason,
        to_json(struct_pack("case" := case_key, field := field, open_changes := cast(open_change_ids as json))) as details
    from contested
    where
        (open_changes < 1) is not true

)

select * from final
