"""The evidence gates: cited, of the required kind, or labelled as unverified (EVD-1, EVD-2, EVD-8). Runs nothing.

Which kinds an action needs is policy, and whether they are held is a fact that SQL computed. Here facts are tested.
"""

from __future__ import annotations

from wb_pipeline.expectations.confidence import COUNT_CHANGES
from wb_pipeline.expectations.model import Expectation, JudgedTable, fact_is

CITED_EVIDENCE_MISSING = "gate_evidence__cited_evidence_missing"
REQUIRED_KIND_MISSING = "gate_evidence__required_kind_missing"
ACTIVITY_UNVERIFIED = "gate_evidence__activity_unverified"

REASONS = {
    CITED_EVIDENCE_MISSING: "cited_evidence_missing",
    REQUIRED_KIND_MISSING: "required_evidence_missing",
    ACTIVITY_UNVERIFIED: "unverified",
}

# A citation of something that does not exist verifies nothing, so only the others count for an activity.
_FACTS = """
select
    change_id,
    coalesce(missing_citation_count, 1) as missing_citation_count,
    coalesce(has_required_evidence, false) as has_required_evidence,
    coalesce(is_activity_text, true) and coalesce(citation_count - missing_citation_count, 0) <= 0
        as is_unverified_activity
from main.int_changes_with_context
where manifest_id = $manifest_id
"""

OBJECTIONS = """
insert into checks.expectation_objections
select
    $manifest_id,
    changes.proposal_id,
    failing.change_id,
    failing.gate,
    failing.reason,
    cast(case failing.gate
        when 'gate_evidence__cited_evidence_missing' then json_object(
            'citations', coalesce(changes.citation_count, 0), 'missing', judged.missing_citation_count
        )
        when 'gate_evidence__required_kind_missing' then json_object('missing', coalesce(changes.missing_evidence, ''))
        else json_object('citations', coalesce(changes.citation_count, 0))
    end as varchar)
from failing_rows as failing
inner join judged_rows as judged on failing.change_id = judged.change_id
inner join main.int_changes_with_context as changes
    on changes.manifest_id = $manifest_id and failing.change_id = changes.change_id
"""


def evidence_table() -> JudgedTable:
    """Return the suite; what it tests depends on the policy through the facts alone."""
    return JudgedTable(
        suite="evidence",
        grain="change",
        id_column="change_id",
        facts_sql=_FACTS,
        count_sql=COUNT_CHANGES,
        expectations=(
            Expectation(
                "cited_evidence_exists", "in_set", "missing_citation_count", gate=CITED_EVIDENCE_MISSING, allowed=(0,)
            ),
            fact_is("has_required_evidence", wanted=True, name="required_evidence_is_held", gate=REQUIRED_KIND_MISSING),
            fact_is("is_unverified_activity", wanted=False, name="activity_text_is_verified", gate=ACTIVITY_UNVERIFIED),
        ),
    )
