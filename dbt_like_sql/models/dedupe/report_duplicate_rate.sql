-- Grain: (dedupe run, object, scope, name). Share of live records that are surplus, over time (RPT-1).
with rates as (

    select * from {{ source('books', 'dedupe_rates') }}

),

runs as (

    select * from {{ source('books', 'dedupe_runs') }}

),

final as (

    select
        runs.found_at,
        runs.run_id,
        rates.object,
        rates.scope,
        rates.name,
        rates.records,
        rates.surplus_records,
        round(rates.surplus_records / rates.records, 4) as duplicate_rate
    from rates
    inner join runs
        on rates.dedupe_sequence = runs.dedupe_sequence

)

select * from final
