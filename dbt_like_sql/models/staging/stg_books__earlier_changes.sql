-- Grain: (manifest of this run, sealed change that was on the books before it). A batch never meets its own decisions.
with sealed as (

    select * from {{ source('books_before', 'sealed_decisions') }}

),

manifests as (

    select * from {{ ref('stg_writeback__manifests') }}

),

-- A decision on a create, log, trigger or merge is about its action row, and holds for its fields.
decided_as as (

    select
        change_id,
        field,
        change_id as decided_id
    from sealed
    union all
    select
        change_id,
        field,
        proposal_key || ':0' as decided_id
    from sealed
    where is_action_row is false and effective_action is distinct from 'update'

),

standings as (

    select
        manifests.manifest_id,
        decided_as.change_id,
        arg_max(events.standing, events.sequence) as standing
    from {{ source('books_before', 'change_standings') }} as events
    inner join decided_as
        on events.change_id is not distinct from decided_as.decided_id
    inner join manifests
        on events.sequence <= manifests.ledger_sequence
    where events.fields is null or decided_as.field is null or list_contains(events.fields, decided_as.field)
    group by manifests.manifest_id, decided_as.change_id

),

final as (

    select
        manifests.manifest_id,
        sealed.manifest_id as earlier_manifest_id,
        sealed.batch_key,
        sealed.proposal_key,
        sealed.proposal_id,
        sealed.change_id,
        sealed.is_action_row,
        sealed.actor_type,
        sealed.actor_id,
        sealed.workflow_id,
        sealed.source,
        sealed.confidence,
        sealed.content_hash,
        sealed.action,
        sealed.effective_action,
        sealed.object,
        sealed.record_id,
        sealed.field,
        sealed.operation,
        sealed.lane,
        sealed.objections,
        -- Who had no standing cannot use up anybody's proposal ids.
        coalesce(sealed.reason_codes not like '%"actor_unknown"%' and sealed.reason_codes not like '%"actor_switched_off"%', true) as had_standing,
        sealed.deed_key,
        sealed.evidence,
        sealed.new_value,
        sealed.decided_at,
        sealed.sealed_sequence,
        sealed.old_value,
        standings.standing
    from sealed
    inner join manifests
        on
            (sealed.sealed_sequence <= manifests.ledger_sequence) is true
            and sealed.manifest_id is distinct from manifests.manifest_id
    left join standings
        on
            manifests.manifest_id is not distinct from standings.manifest_id
            and sealed.change_id is not distinct from standings.change_id

)

select * from final
