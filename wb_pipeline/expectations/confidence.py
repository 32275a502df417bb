"""The confidence gates: which bands the policy draws and who is held to which (CNF-1). Runs nothing.

Confidence is judged on what would be written: on the field rows of an update, on action and fields of all else. The
action row of an update is exempt, because a field's lane is never more permissive than its action's, and so an action
in review would keep its fields from being suggestions. An update that has no field row is judged by its action row.
"""

from __future__ import annotations

from wb_pipeline.expectations.model import Expectation, JudgedTable

BELOW_SUGGEST_BAND = "gate_confidence__below_suggest_band"
BELOW_AUTO_BAND = "gate_confidence__below_auto_band"
SUGGESTION_ONLY = "gate_confidence__suggestion_only"

REASONS = {
    BELOW_SUGGEST_BAND: "confidence_below_suggest_band",
    BELOW_AUTO_BAND: "confidence_below_auto_band",
    SUGGESTION_ONLY: "confidence_suggestion_only",
}

# NULL, NaN and infinity are no confidence at all; in DuckDB NaN would be greater than any threshold.
_FACTS = """
with changes as (
    select
        change_id,
        effective_action,
        coalesce(is_action_row, true) as is_action_row,
        coalesce(has_suggestion_field, false) as has_suggestion_field,
        case when isfinite(effective_confidence) then cast(effective_confidence as double) else 0.0::double end
            as effective_confidence,
        count(*) filter (where is_action_row is false) over (partition by proposal_key) as field_rows
    from main.int_changes_with_context
    where manifest_id = $manifest_id
),
held as (
    select
        change_id,
        effective_confidence,
        not coalesce(is_action_row and effective_action = 'update' and field_rows > 0, false) as is_confidence_judged,
        coalesce(not is_action_row and effective_action = 'update' and has_suggestion_field, false) as is_suggestable,
        effective_confidence >= $suggest_confidence_from as is_above_suggest_band
    from changes
)
select
    change_id,
    effective_confidence,
    is_confidence_judged,
    is_confidence_judged and is_above_suggest_band and not is_suggestable as is_auto_or_review,
    is_confidence_judged and is_above_suggest_band and is_suggestable as is_auto_or_suggestion
from held
"""

# Counted where the changes came in, so that a join that loses or repeats a change on the way breaks the gate.
COUNT_CHANGES = """
select count(*)
from raw.proposal_changes as changes
inner join raw.run_batches as batches on changes.batch_key = batches.batch_key
where batches.run_id = $run_id and batches.manifest_id = $manifest_id
"""

OBJECTIONS = """
insert into checks.expectation_objections
select
    $manifest_id,
    changes.proposal_id,
    failing.change_id,
    failing.gate,
    failing.reason,
    cast(json_object(
        'confidence', judged.effective_confidence,
        'threshold', case
            when failing.gate = 'gate_confidence__below_suggest_band' then $suggest_confidence_from
            else $auto_confidence_from
        end
    ) as varchar)
from failing_rows as failing
inner join judged_rows as judged on failing.change_id = judged.change_id
inner join main.int_changes_with_context as changes
    on changes.manifest_id = $manifest_id and failing.change_id = changes.change_id
"""


def confidence_table(*, auto_confidence_from: float, suggest_confidence_from: float) -> JudgedTable:
    """Return the suite for one policy's thresholds, each from 0 to 100 and met by an equal confidence."""
    column = "effective_confidence"
    return JudgedTable(
        suite="confidence",
        grain="change",
        id_column="change_id",
        facts_sql=_FACTS,
        count_sql=COUNT_CHANGES,
        expectations=(
            Expectation("every_change_appears_once", "unique", "change_id", guards=BELOW_SUGGEST_BAND),
            Expectation(
                "confidence_reaches_the_suggest_band",
                "between",
                column,
                gate=BELOW_SUGGEST_BAND,
                only_where="is_confidence_judged",
                minimum=suggest_confidence_from,
            ),
            Expectation(
                "confidence_reaches_the_auto_band",
                "between",
                column,
                gate=BELOW_AUTO_BAND,
                only_where="is_auto_or_review",
                minimum=auto_confidence_from,
            ),
            Expectation(
                "confidence_is_more_than_a_suggestion",
                "between",
                column,
                gate=SUGGESTION_ONLY,
                only_where="is_auto_or_suggestion",
                minimum=auto_confidence_from,
            ),
        ),
    )
