"""SQL of the outcome judge: what came in, and what may be said of each decision. It runs nothing itself.

Lane, field, action and suggestion field of a decision are what is judged. What they are judged by is read again from
where it came from: the change from raw.*, its canonical field from facts.field_names, its rights from policy.*, the
objections from each gate's own table. Of the wide table only `is_already_so` is used. A lost row falls to the strict
side.
"""

from __future__ import annotations

# Grain: what came in and has to be decided: a change of a readable line, or a quarantined line.
INCOMING = """
create or replace temp table judged_incoming as
select
    batches.manifest_id,
    manifests.policy_hash,
    lines.batch_key,
    lines.proposal_key,
    changes.change_id,
    changes.ordinal = 0 as is_action_row,
    true as is_readable,
    lines.object,
    lines.action,
    case when changes.ordinal <> 0 then names.field end as field,
    lines.confidence,
    count(*) filter (where changes.ordinal <> 0) over (partition by lines.proposal_key) as field_rows
from raw.proposal_changes as changes
inner join raw.proposal_lines as lines
    on changes.proposal_key = lines.proposal_key and changes.batch_key = lines.batch_key
inner join raw.run_batches as batches on lines.batch_key = batches.batch_key
inner join raw.run_manifests as manifests
    on batches.manifest_id = manifests.manifest_id and batches.run_id = manifests.run_id
left join facts.field_names as names
    on
        batches.manifest_id = names.manifest_id
        and lines.object is not distinct from names.object
        and changes.field_as_given = names.field_as_given
where batches.run_id = $run_id and lines.is_readable
union all by name
select
    batches.manifest_id,
    manifests.policy_hash,
    lines.batch_key,
    lines.proposal_key,
    lines.proposal_key || ':0' as change_id,
    true as is_action_row,
    false as is_readable,
    lines.object,
    lines.action,
    lines.confidence,
    0 as field_rows
from raw.proposal_lines as lines
inner join raw.run_batches as batches on lines.batch_key = batches.batch_key
inner join raw.run_manifests as manifests
    on batches.manifest_id = manifests.manifest_id and batches.run_id = manifests.run_id
where batches.run_id = $run_id and lines.is_readable is not true
"""

# Grain: objection, from each gate's own table; the list of gates in SQL is not trusted to be whole.
OBJECTIONS = """
create or replace temp table judged_objections (manifest_id varchar, change_id varchar, gate varchar)
"""
OBJECTIONS_OF_GATE = """
insert into judged_objections select manifest_id, change_id, $gate from query_table($gate)
"""
OBJECTIONS_OF_EXPECTATIONS = """
insert into judged_objections select manifest_id, change_id, gate from checks.expectation_objections
"""
GATE_TABLES = """
select table_name from information_schema.tables
where
    table_schema = 'main'
    and table_catalog = current_database()
    and regexp_full_match(table_name, 'gate_[a-z]+__[a-z0-9_]+')
order by table_name
"""

# Grain: decision. A rank is a lane's severity; noop stands outside.
RANKED = """
create or replace temp table judged_ranked as
with worst_objections as (
    select
        objections.manifest_id,
        objections.change_id,
        max(case gates.verdict
            when 'quarantine' then 4 when 'review' then 2 when 'suggest' then 1
            when 'label' then 0 when 'shadow' then 0 when 'off' then 0 else 3
        end) as rank
    from judged_objections as objections
    left join raw.run_manifests as manifests
        on objections.manifest_id = manifests.manifest_id and manifests.run_id = $run_id
    left join policy.gates as gates on manifests.policy_hash = gates.policy_hash and objections.gate = gates.gate
    group by objections.manifest_id, objections.change_id
)
select
    decided.manifest_id,
    decided.change_id,
    decided.lane,
    decided.field,
    decided.effective_action,
    decided.suggestion_field,
    decided.effective_confidence,
    decided.repeats_change_id,
    incoming.* exclude (manifest_id, change_id, field),
    incoming.field as resolved_field,
    -- A create that meets its record is judged as an update (IDN-3); no other action turns into another.
    case
        when incoming.action = 'create' and decided.effective_action = 'update' then 'update' else incoming.action
    end as judged_action,
    case decided.lane
        when 'auto' then 0 when 'suggest' then 1 when 'review' then 2 when 'deny' then 3 when 'quarantine' then 4
    end as rank,
    coalesce(worst_objections.rank, 0) as objection_rank,
    row_number() over () as row
from main.int_changes_decided as decided
left join judged_incoming as incoming
    on decided.manifest_id = incoming.manifest_id and decided.change_id = incoming.change_id
left join worst_objections
    on decided.manifest_id = worst_objections.manifest_id and decided.change_id = worst_objections.change_id
"""

DECISIONS = """
with field_rules as (
    select
        policy_hash, object, action, field,
        bool_or(coalesce(class, 'locked') not in ('safe', 'sensitive')) as is_locked,
        bool_or(coalesce(is_high_impact, true)) as is_high_impact,
        bool_or(coalesce(is_required, true)) as is_required,
        max(suggestion_field) as suggestion_field
    from policy.fields
    group by all
),
action_rules as (
    select
        policy_hash, object, action,
        bool_or(coalesce(class, 'locked') not in ('safe', 'sensitive')) as is_locked,
        bool_or(coalesce(is_high_impact, true)) as is_high_impact
    from policy.actions
    group by all
),
thresholds as (
    select
        policy_hash,
        max(auto_confidence_from) as auto_confidence_from,
        max(suggest_confidence_from) as suggest_confidence_from
    from policy.settings
    group by policy_hash
),
already_so as (
    select manifest_id, change_id, bool_and(coalesce(is_already_so, false)) as is_already_so
    from main.int_changes_with_context
    group by all
),
ruled as (
    select
        ranked.*,
        case when ranked.is_action_row then actions.policy_hash else fields.policy_hash end is not null as is_granted,
        coalesce(case when ranked.is_action_row then actions.is_locked else fields.is_locked end, true) as is_locked,
        coalesce(case when ranked.is_action_row then actions.is_high_impact else fields.is_high_impact end, true)
            as is_high_impact,
        coalesce(fields.is_required, false) as is_required,
        fields.suggestion_field as policy_suggestion_field,
        thresholds.auto_confidence_from,
        thresholds.suggest_confidence_from,
        case
            when isfinite(ranked.confidence) and isfinite(ranked.effective_confidence)
                then least(ranked.confidence, ranked.effective_confidence)
        end as standing_confidence,
        -- Same exemption as in confidence.py: the field rows of an update stand for it.
        coalesce(ranked.is_action_row and ranked.judged_action = 'update' and ranked.field_rows > 0, false)
            as is_exempt,
        coalesce(already_so.is_already_so, false) as is_already_so
    from judged_ranked as ranked
    left join field_rules as fields
        on
            ranked.policy_hash = fields.policy_hash
            and ranked.object = fields.object
            and ranked.judged_action = fields.action
            and ranked.resolved_field = fields.field
    left join action_rules as actions
        on
            ranked.policy_hash = actions.policy_hash
            and ranked.object = actions.object
            and ranked.judged_action = actions.action
    left join thresholds on ranked.policy_hash = thresholds.policy_hash
    left join already_so on ranked.manifest_id = already_so.manifest_id and ranked.change_id = already_so.change_id
),
grouped as (
    select
        *,
        -- NULL where the proposal has no action row: then nothing of it may be written.
        max(case when is_action_row then rank end) over proposal as action_rank,
        coalesce(bool_or(is_action_row and lane = 'noop') over proposal, false) as is_action_noop,
        coalesce(bool_or(not is_action_row and is_required and rank >= 2) over proposal, false)
            as is_required_field_stopped,
        coalesce(bool_or(not is_action_row and lane is distinct from 'noop') over proposal, false) as has_open_field
    from ruled
    window proposal as (partition by manifest_id, proposal_key)
)
select
    coalesce(change_id, 'decision without a change id') as change_id,
    lane,
    coalesce(is_readable is not null, false) as is_known_change,
    coalesce(is_readable is false and lane is distinct from 'quarantine', true) as is_unread_line_let_in,
    lane in ('auto', 'suggest') and judged_action is distinct from effective_action as is_action_changed,
    lane in ('auto', 'suggest') and is_action_row is not true and resolved_field is distinct from field
        as is_field_changed,
    lane = 'auto' and is_locked as is_locked_auto,
    lane in ('auto', 'suggest') and not is_granted as is_ungranted_passing,
    lane = 'auto' and is_high_impact as is_high_impact_auto,
    lane <> 'noop' and coalesce(rank < objection_rank, true) as is_objection_ignored,
    lane <> 'noop' and is_action_row is not true and (
        coalesce(rank < action_rank, not is_action_noop) or (is_action_noop and lane in ('auto', 'suggest'))
    ) as is_ahead_of_its_action,
    lane in ('auto', 'suggest') and judged_action in ('create', 'log') and is_required_field_stopped
        as is_passing_without_required_field,
    lane = 'suggest' and (
        is_action_row is not false
        or coalesce(policy_suggestion_field, '') = ''
        or suggestion_field is distinct from policy_suggestion_field
    ) as is_suggested_nowhere,
    lane = 'auto' and not is_exempt and coalesce(standing_confidence < auto_confidence_from, true) as is_auto_unsure,
    lane = 'suggest' and coalesce(standing_confidence < suggest_confidence_from, true) as is_suggestion_unsure,
    lane = 'noop' and not (
        coalesce(repeats_change_id <> '' and repeats_change_id <> change_id, false)
        or is_already_so
        or (coalesce(is_action_row and field_rows > 0, false) and not has_open_field)
    ) as is_noop_without_cause
from grouped
"""
