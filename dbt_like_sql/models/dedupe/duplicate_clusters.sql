-- Grain: cluster of two or more live records that are held to be one (IDN-10). Its id is the entity's and stays (IDN-11).
with records as (

    select * from {{ ref('int_duplicates_ranked') }}

),

pairs as (

    select
        left_entity_id as cluster_id,
        count(*) as linked_pairs,
        min(match_probability) as least_probability,
        avg(match_probability) as mean_probability
    from {{ ref('duplicate_pairs') }}
    where is_in_one_cluster
    group by left_entity_id

),

changes as (

    select
        trail.entity_id as cluster_id,
        min(runs.found_at) as first_seen_at,
        max(runs.found_at) as changed_at
    from {{ source('books', 'dedupe_id_trail') }} as trail
    inner join {{ source('books', 'dedupe_runs') }} as runs
        on trail.dedupe_sequence = runs.dedupe_sequence
    group by trail.entity_id

),

members as (

    select
        object,
        cluster_id,
        count(*) as records,
        to_json(list(record_id order by survivor_rank)) as record_ids,
        min(record_id) filter (where survivor_rank = 1) as survivor_id
    from records
    group by object, cluster_id

),

final as (

    select
        members.object,
        members.cluster_id,
        members.records,
        members.record_ids,
        members.survivor_id,
        pairs.linked_pairs,
        pairs.least_probability,
        pairs.mean_probability,
        changes.first_seen_at,
        changes.changed_at
    from members
    left join pairs
        on members.cluster_id = pairs.cluster_id
    left join changes
        on members.cluster_id = changes.cluster_id

)

select * from final
