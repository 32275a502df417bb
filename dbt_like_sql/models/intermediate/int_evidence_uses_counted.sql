-- Grain: (manifest, evidence id). How much the item is to justify: in this run, whatever becomes of it, and on the books (EVD-9).
with proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

changes as (

    select * from {{ ref('int_changes_resolved') }}

),

proposal_keys as (

    select * from {{ source('facts', 'proposal_keys') }}

),

-- An activity is known by whom it is logged to, a new record by its key.
records_named as (

    select
        proposal_key,
        string_agg(new_value, '|' order by field, new_value) filter (where field in ('contact_id', 'company_id', 'deal_id')) as named
    from changes
    group by proposal_key

),

uses_of_run as (

    select
        proposals.manifest_id,
        cited.evidence_id,
        concat(proposals.object, '|', case
            when changes.record_id is not null then changes.record_id
            when (proposals.action = 'log') is true then coalesce(records_named.named, proposals.proposal_key)
            else coalesce('create|' || proposal_keys.create_key, proposals.proposal_key)
        end) as record_key,
        case when (changes.field is not distinct from 'stage') then changes.new_value end as stage
    from {{ source('raw', 'proposal_citations') }} as cited
    inner join proposals
        on cited.proposal_key is not distinct from proposals.proposal_key
    inner join changes
        on proposals.proposal_key is not distinct from changes.proposal_key
    left join proposal_keys
        on proposals.proposal_key is not distinct from proposal_keys.proposal_key
    left join records_named
        on proposals.proposal_key is not distinct from records_named.proposal_key

),

uses_on_books as (

    select
        manifest_id,
        unnest(cast(json_extract_string(evidence, '$[*]') as varchar[])) as evidence_id,
        concat(object, '|', coalesce(record_id, deed_key, proposal_key)) as record_key,
        case when (field is not distinct from 'stage') then new_value end as stage
    from {{ ref('stg_books__earlier_changes') }}
    where lane in ('auto', 'suggest', 'review')

),

uses as (

    select * from uses_of_run
    union all
    select * from uses_on_books

),

final as (

    select
        manifest_id,
        evidence_id,
        count(distinct record_key) as record_count,
        count(distinct concat(record_key, '|', stage)) filter (where stage is not null) as stage_change_count
    from uses
    group by manifest_id, evidence_id

)

select * from final
