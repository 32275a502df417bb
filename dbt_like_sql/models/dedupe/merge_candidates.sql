-- Grain: record that a merge would end, with the one that would survive it. Each waits for a person: nothing merges by itself (IDN-10).
with records as (

    select * from {{ ref('int_duplicates_ranked') }}

),

-- The best reason why the record belongs to its cluster; a direct pair with the survivor comes first.
links as (

    select
        left_entity_id as cluster_id,
        unnest([left_id, right_id]) as record_id,
        unnest([right_id, left_id]) as linked_record_id,
        match_probability,
        match_weight,
        match_reason
    from {{ ref('duplicate_pairs') }}
    where is_in_one_cluster

),

survivors as (

    select * from records
    where survivor_rank = 1

),

best_links as (

    select links.*
    from links
    inner join survivors
        on links.cluster_id = survivors.cluster_id
    qualify
        row_number() over (
            partition by links.cluster_id, links.record_id
            order by
                links.linked_record_id = survivors.record_id desc,
                links.match_probability desc nulls last,
                links.linked_record_id asc
        ) = 1

),

final as (

    select
        records.object,
        records.cluster_id,
        survivors.record_object as survivor_object,
        survivors.record_id as survivor_id,
        records.record_object as loser_object,
        records.record_id as loser_id,
        best_links.linked_record_id,
        best_links.match_probability,
        best_links.match_weight,
        best_links.match_reason,
        'review' as lane
    from records
    inner join survivors
        on records.cluster_id = survivors.cluster_id
    left join best_links
        on
            records.cluster_id = best_links.cluster_id
            and records.record_id = best_links.record_id
    where records.survivor_rank > 1

)

select * from final
