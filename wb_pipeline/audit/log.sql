-- Grain: decision of the gates, decision of a person, field of a settled write. From the view `sealed` and the tables
-- `people` and `writes` that `log.py` makes. Who decided on a change stands beside it: of an update each field for
-- itself, of anything else the action's row. A write takes evidence, objections and match from the change of its field,
-- or else from the action's row.
with item_decisions as (
    select
        change_id,
        string_agg(reviewer, ', ' order by ledger_sequence) as reviewer,
        arg_max(decision, ledger_sequence) as decision
    from people
    group by change_id
),

of_gates as (
    select
        'decision' as row_type, sealed.*, item_decisions.reviewer, item_decisions.decision as reviewer_decision
    from sealed
    left join item_decisions
        on item_decisions.change_id = if(
            sealed.effective_action is not distinct from 'update', sealed.change_id, sealed.proposal_key || ':0'
        )
),

of_people as (
    select
        'person' as row_type,
        sealed.* replace (
            people.ledger_sequence as ledger_sequence,
            people.recorded_at as recorded_at,
            coalesce(people.edited, sealed.new_value) as new_value
        ),
        people.reviewer,
        people.decision as reviewer_decision,
        people.reason as reviewer_reason,
        people.edited is not null as is_edited
    from people
    inner join sealed on people.change_id = sealed.change_id
),

write_changes as (
    select ledger_sequence, field, unnest(change_ids) as change_id
    from writes
),

write_facts as (
    select
        sealed.*,
        write_changes.ledger_sequence as write_sequence,
        write_changes.field as write_field
    from write_changes
    inner join sealed on write_changes.change_id = sealed.change_id
    qualify row_number() over (
        partition by write_changes.ledger_sequence, write_changes.field
        order by sealed.field is not distinct from write_changes.field desc, sealed.is_action_row desc, sealed.change_id
    ) = 1
),

of_writes as (
    select
        'write' as row_type,
        write_facts.* exclude (
            write_sequence, write_field, ledger_sequence, recorded_at, field, old_value, new_value, actor_id, action,
            object, record_id
        ),
        writes.* exclude (change_ids, undoes),
        writes.undoes as undoes_write
    from writes
    left join write_facts
        on
            writes.ledger_sequence = write_facts.write_sequence
            and writes.field is not distinct from write_facts.write_field
),

all_rows as (
    select * from of_gates
    union all by name select * from of_people
    union all by name select * from of_writes
)

select
    row_type, ledger_sequence, recorded_at, decided_at, actor_type, actor_id, actor_model, workflow_id, source, action,
    effective_action, object, record_id, field, old_value, new_value, seen_value, lane, reason_codes, objections,
    labels, evidence, match_method, match_probability, match_reason, confidence, effective_confidence, policy_hash,
    snapshot_hash, run_id, manifest_id, batch_key, line_number, proposal_id, change_id, repeats_change_id, case_id,
    reviewer, reviewer_decision, reviewer_reason, is_edited, write_key, crm, outcome, answer as crm_answer, undoes_write
from all_rows
