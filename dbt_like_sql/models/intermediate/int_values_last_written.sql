-- Grain: field of an update, with who wrote the value that stands and the source it came from (OVW-2, OVW-4).
with changes as (

    select
        changes.*,
        proposals.source,
        proposals.policy_hash,
        records.updated_at
    from {{ ref('int_changes_resolved') }} as changes
    inner join {{ ref('stg_writeback__proposals') }} as proposals
        on changes.proposal_key is not distinct from proposals.proposal_key
    inner join {{ source('facts', 'standing_values') }} as standing
        on {{ same_field('changes', 'standing') }}
    left join {{ ref('stg_crm__records') }} as records
        on
            proposals.snapshot_hash is not distinct from records.snapshot_hash
            and changes.object is not distinct from records.object
            and changes.record_id is not distinct from records.record_id
    where
        changes.is_action_row is false
        and changes.effective_action is not distinct from 'update'

),

-- What has no time counts as late as it can be; of two at one time the person's counts. Of our own writes the last one
-- counts, as long as its value is the one that stands.
last_writes as (

    select
        changes.change_id,
        max(writes.source) as own_source,
        arg_max(
            struct_pack(writer := writes.writer, kind := writes.writer_kind, written_at := writes.written_at, source := writes.source),
            struct_pack(
                written_at := coalesce(writes.written_at, changes.updated_at, timestamp '9999-12-31'),
                is_by_person := writes.writer_kind is not distinct from 'user',
                writer := coalesce(writes.writer, '')
            )
        ) as last_write
    from changes
    inner join {{ ref('int_field_writes_gathered') }} as writes
        on {{ same_field('changes', 'writes') }}
    where
        writes.origin = 'crm'
        or (writes.is_last_own and writes.value_after is not distinct from changes.normalized_current_value)
    group by changes.change_id

),

traced as (

    select
        changes.change_id,
        changes.policy_hash,
        changes.object,
        changes.field,
        changes.source,
        last_writes.last_write.writer,
        coalesce(last_writes.last_write.kind, 'unknown') as writer_kind,
        -- No field was written later than its record says; where neither time is known, nobody knows.
        coalesce(last_writes.last_write.written_at, changes.updated_at) as written_at,
        coalesce(
            last_writes.last_write.source, if(last_writes.last_write.kind = 'user', 'user', last_writes.own_source)
        ) as standing_source
    from changes
    left join last_writes
        on changes.change_id is not distinct from last_writes.change_id

),

final as (

    select
        traced.change_id,
        traced.writer,
        traced.writer_kind,
        traced.written_at,
        traced.standing_source,
        proposed.rank as source_rank,
        standing.rank as standing_source_rank
    from traced
    left join {{ source('policy', 'source_precedence') }} as proposed
        on {{ ranks_source('proposed', 'traced', 'source') }}
    left join {{ source('policy', 'source_precedence') }} as standing
        on {{ ranks_source('standing', 'traced', 'standing_source') }}

)

select * from final
