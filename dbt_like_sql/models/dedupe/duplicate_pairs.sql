-- Grain: unordered pair of live records that are likely one, and that nobody judged to be different (IDN-10, HYG-3).
with pairs as (

    select * from {{ source('books', 'dedupe_pairs') }}

),

entities as (

    select * from {{ source('books', 'dedupe_entity_ids') }}

),

final as (

    select
        pairs.object,
        pairs.left_id,
        pairs.right_id,
        pairs.match_probability,
        pairs.match_weight,
        pairs.blocking_rule,
        pairs.match_reason,
        pairs.field_weights,
        pairs.has_conflict,
        pairs.conflict_reason,
        coalesce(pairs.is_judged_same, false) as is_judged_same,
        left_entities.entity_id = right_entities.entity_id as is_in_one_cluster,
        left_entities.entity_id as left_entity_id,
        right_entities.entity_id as right_entity_id
    from pairs
    inner join entities as left_entities
        on
            pairs.object = left_entities.object
            and pairs.left_id = left_entities.record_id
    inner join entities as right_entities
        on
            pairs.object = right_entities.object
            and pairs.right_id = right_entities.record_id

)

select * from final
