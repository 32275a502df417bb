-- Grain: field of a duplicate record that holds a value, with who wrote it, when, and how it compares.
with fields as (

    -- Keys and values of one object come in one order; both are unnested in step.
    select
        *,
        unnest(json_keys(fields)) as field,
        unnest(cast(json_extract(fields, '$.*') as varchar[])) as field_value
    from {{ ref('int_duplicates_found') }}

),

writers as (

    select
        *,
        case when field_writers <> '{}' then {{ json_member('field_writers', 'field') }} end as field_writer
    from fields
    -- What we note about our own writes is no value of the record.
    where
        field not like 'ai_writeback_%'
        and not {{ is_empty_json('field_value') }}

),

stated as (

    select
        *,
        {{ json_text_at('field_writer', 'by') }} as written_by,
        cast(try_cast({{ json_text_at('field_writer', 'at') }} as timestamptz) as timestamp) as stated_at
    from writers

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
        stated.object,
        stated.cluster_id,
        stated.record_object,
        stated.record_id,
        stated.policy_hash,
        stated.field,
        stated.field_value,
        stated.written_by,
        coalesce(stated.stated_at, stated.updated_at) as written_at,
        coalesce(stated.written_by like 'user:%', false) as is_by_person,
        case
            when stated.written_by like 'user:%' then 'user'
            when stated.written_by like 'integration:%' then substr(stated.written_by, 13)
            else decisions.source
        end as source
    from stated
    left join decisions
        on
            stated.record_object = decisions.object
            and stated.record_id = decisions.record_id
            and stated.field = decisions.field

)

select * from final
