-- Would have caught a proposal that vanished: lines that came in equal lines that were decided, batch by batch (CON-2).
with lines as (

    -- A file that cannot be read at all stands as one quarantined line.
    select
        batch_key,
        case when is_readable then line_count else 1 end as line_count
    from {{ ref('stg_writeback__batches') }}

),

decided as (

    select
        batch_key,
        count(distinct line_number) as lines_decided
    from {{ ref('int_changes_decided') }}
    group by batch_key

),

final as (

    select
        lines.batch_key,
        lines.line_count,
        decided.lines_decided
    from lines
    left join decided
        on lines.batch_key is not distinct from decided.batch_key
    where coalesce(decided.lines_decided, 0) is distinct from lines.line_count

)

select * from final
