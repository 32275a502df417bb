-- Grain: field of a duplicate record that holds a value, with who wrote it, when, and how it compares.
with duplicates as (

    select
        *,
        unnest(json_keys(fields)) as field
    from {{ ref('int_duplicates_found') }}

),

fields as (

    select
        *,
        {{ json_member('fields', 'field') }} as field_value,
        {{ json_member('field_writers', 'field') }} as field_writer
    from duplicates
    -- What we note about our own writes is no value of the record.
    where field not like 'ai_writeback_%'

),

writers as (

    select
        *,
        {{ json_text_at('field_writer', 'by') }} as written_by,
        cast(try_cast({{ json_text_at('field_writer', 'at') }} as timestamptz) as timestamp) as stated_at
    from fields
    where not {{ is_empty_json('field_value') }}

),

-- An agent's value has the source of the proposal that wrote it.
decisions as (

    select
        object,
        record_id,
        field,
        max_by(source, sealed_sequence) as source
    from {{ source('books', 'sealed_decisions') }}
    where
        lane = 'auto'
        and is_action_row is false
        and source is not null
    group by object, record_id, field

),

final as (

    select
        writers.object,
        writers.cluster_id,
        writers.record_object,
        writers.record_id,
        writers.policy_hash,
        writers.field,
        writers.field_value,
        writers.written_by,
        coalesce(writers.stated_at, writers.updated_at) as written_at,
        coalesce(writers.written_by like 'user:%', false) as is_by_person,
        case
            when writers.written_by like 'user:%' then 'user'
            when writers.written_by like 'integration:%' then substr(writers.written_by, 13)
            else decisions.source
        end as source
    from writers
    left join decisions
        on
            writers.record_object = decisions.object
            and writers.record_id = decisions.record_id
            and writers.field = decisions.field

)

select * from final
