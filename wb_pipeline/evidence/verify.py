"""Does each cited piece of evidence exist, of what type and state, from when (EVD-2)? Nothing about quotes."""

from __future__ import annotations

# An id that stands on items that differ proves nothing: nobody can say which was meant, least of all the better one.
CITATION_FACTS = """
with cited as (
    select
        proposals.manifest_id, proposals.proposal_key, proposals.evidence_hash,
        citations.citation_ordinal, citations.evidence_id
    from run_proposals as proposals
    inner join raw.proposal_citations as citations
        on citations.batch_key = proposals.batch_key and citations.proposal_key = proposals.proposal_key
),
items as (
    select
        evidence_hash, evidence_id, min(evidence_type) as evidence_type, min(evidence_state) as evidence_state,
        min(happened_at) as happened_at
    from raw.evidence_items
    where evidence_hash in (select evidence_hash from run_inputs)
    group by evidence_hash, evidence_id
    having count(distinct to_json([evidence_type, evidence_state, happened_at::varchar, payload])) = 1
)
select
    cited.manifest_id,
    cited.proposal_key,
    cited.citation_ordinal,
    cited.evidence_id,
    items.evidence_id is not null as is_found,
    items.evidence_type,
    items.evidence_state,
    items.happened_at
from cited
left join items on items.evidence_hash = cited.evidence_hash and items.evidence_id = cited.evidence_id
"""
"""Query over run_inputs, run_proposals, raw.proposal_citations and raw.evidence_items.

Grain: citation of a readable proposal: manifest_id, proposal_key, citation_ordinal, evidence_id, is_found,
evidence_type, evidence_state, happened_at (NULL where not found).
"""
