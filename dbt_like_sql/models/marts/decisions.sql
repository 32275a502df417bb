-- Grain: change (or quarantined line). Every decision that is on the books, as it was sealed.
with sealed as (

    select * from {{ source('books', 'sealed_decisions') }}

),

final as (

    select * from sealed

)

select * from final
