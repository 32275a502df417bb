-- Grain: (manifest of this run, sealed change that was on the books before it). A batch never meets its own decisions.
with sealed as (

    select * from {{ source('books_before', 'sealed_decisions') }}

),

manifests as (

    select * from {{ ref('stg_writeback__manifests') }}

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
        sealed.old_value
    from sealed
    inner join manifests
        on
            (sealed.sealed_sequence <= manifests.ledger_sequence) is true
            and sealed.manifest_id is distinct from manifests.manifest_id

)

select * from final
