-- Grain: (manifest, breaker, proposal that draws on its budget): those of this run, and the readable ones of a day on the books.
-- The clock is ours: the time of a proposal is that of the manifest that decides it, never the time that an agent states (TRG-3).
with proposals as (

    select
        proposals.*,
        matched.record_id
    from {{ ref('stg_writeback__proposals') }} as proposals
    left join {{ ref('int_proposals_matched_to_records') }} as matched
        on proposals.proposal_key is not distinct from matched.proposal_key

),

manifests as (

    select * from {{ ref('stg_writeback__manifests') }}

),

-- Every readable proposal counts, whatever became of it: to deny one frees no other.
earlier as (

    select earlier_changes.*
    from {{ ref('stg_books__earlier_changes') }} as earlier_changes
    inner join manifests
        on earlier_changes.manifest_id is not distinct from manifests.manifest_id
    where
        earlier_changes.is_action_row
        and earlier_changes.lane is distinct from 'quarantine'
        and (earlier_changes.decided_at > manifests.clock_at - to_days(1)) is not false
        and (earlier_changes.decided_at <= manifests.clock_at) is not false

),

-- One proposal word for word twice is one use (CON-4).
uses as (

    select
        manifest_id,
        proposal_key,
        cast(to_json([proposal_id, content_hash]) as varchar) as use_key,
        true as is_of_this_run,
        clock_at as used_at,
        cast(null as bigint) as sealed_sequence,
        actor_type,
        actor_id,
        workflow_id,
        object,
        record_id
    from proposals
    union all by name
    select
        manifest_id,
        proposal_key,
        cast(to_json([proposal_id, content_hash]) as varchar) as use_key,
        false as is_of_this_run,
        decided_at as used_at,
        sealed_sequence,
        actor_type,
        actor_id,
        workflow_id,
        object,
        record_id
    from earlier

),

final as (
    {% for scope, breaker_key in budget_scopes().items() %}
    select
        manifest_id,
        '{{ scope }}' as scope,
        {{ breaker_key }} as breaker_key,
        proposal_key,
        use_key,
        is_of_this_run,
        used_at,
        sealed_sequence
    from uses
    where {{ breaker_key }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
