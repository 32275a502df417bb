-- Grain: change, with what the policy says of its field, action, actor and source (FLD-1, FLD-2, FLD-7).
-- Every fact falls to the strict side where a row is missing.
with changes as (

    select * from {{ ref('int_changes_resolved') }}

),

proposals as (

    select * from {{ ref('stg_writeback__proposals') }}

),

fields as (

    select * from {{ source('policy', 'fields') }}

),

actions as (

    select * from {{ source('policy', 'actions') }}

),

unlocks as (

    select * from {{ source('policy', 'unlocks') }}

),

kinds_held as (

    select * from {{ ref('int_evidence_kinds_held') }}

),

actor_rights as (

    select * from {{ source('policy', 'actor_rights') }}

),

source_rights as (

    select * from {{ source('policy', 'source_rights') }}

),

changes_asked as (

    select
        changes.change_id,
        changes.is_action_row,
        changes.object,
        changes.effective_action,
        changes.field,
        changes.proposal_key,
        proposals.policy_hash,
        proposals.actor_id,
        proposals.source
    from changes
    inner join proposals
        on changes.proposal_key is not distinct from proposals.proposal_key

),

actor_allowed as (

    select distinct changes_asked.change_id
    from changes_asked
    inner join actor_rights as rights
        on {{ right_covers_change('rights', 'changes_asked') }} and changes_asked.actor_id is not distinct from rights.actor_id

),

source_allowed as (

    select distinct changes_asked.change_id
    from changes_asked
    inner join source_rights as rights
        on {{ right_covers_change('rights', 'changes_asked') }} and changes_asked.source is not distinct from rights.source

),

-- A locked field may open when a kind of evidence is held (FLD-4: a signed order form and an amount).
unlocked as (

    select
        changes_asked.change_id,
        max(unlocks.class) as class
    from changes_asked
    inner join unlocks
        on
            changes_asked.policy_hash is not distinct from unlocks.policy_hash
            and changes_asked.object is not distinct from unlocks.object
            and changes_asked.effective_action is not distinct from unlocks.action
            and changes_asked.field is not distinct from unlocks.field
    inner join kinds_held
        on
            changes_asked.proposal_key is not distinct from kinds_held.proposal_key
            and unlocks.kind is not distinct from kinds_held.kind
    group by changes_asked.change_id

),

final as (

    select
        changes_asked.change_id,
        coalesce(case when changes_asked.is_action_row then actions.class is not null else fields.class is not null end, false) as is_granted,
        coalesce(unlocked.class, fields.class, 'locked') as field_class,
        coalesce(actions.class, 'locked') as action_class,
        coalesce(fields.is_required, false) as is_required,
        fields.suggestion_field,
        fields.suggestion_field is not null as has_suggestion_field,
        coalesce(fields.is_append_only, true) as is_append_only,
        coalesce(case when changes_asked.is_action_row then actions.is_high_impact else fields.is_high_impact end, true) as is_high_impact,
        actor_allowed.change_id is not null as is_actor_allowed,
        source_allowed.change_id is not null as is_source_allowed
    from changes_asked
    left join fields
        on
            changes_asked.policy_hash is not distinct from fields.policy_hash
            and changes_asked.object is not distinct from fields.object
            and changes_asked.effective_action is not distinct from fields.action
            and changes_asked.field is not distinct from fields.field
    left join actions
        on
            changes_asked.policy_hash is not distinct from actions.policy_hash
            and changes_asked.object is not distinct from actions.object
            and changes_asked.effective_action is not distinct from actions.action
    left join unlocked
        on changes_asked.change_id is not distinct from unlocked.change_id
    left join actor_allowed
        on changes_asked.change_id is not distinct from actor_allowed.change_id
    left join source_allowed
        on changes_asked.change_id is not distinct from source_allowed.change_id

)

select * from final
