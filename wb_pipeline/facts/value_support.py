"""facts.value_support: what each cited item says of each value (EVD-7), as `evidence.support` judges. Stops nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from wb_pipeline.evidence.support.claim import Claim, Support
from wb_pipeline.evidence.support.judge import Item, Judgement, judge_item
from wb_pipeline.evidence.support.model import combined, model_from_settings
from wb_pipeline.facts.current_run import count_rows, open_named_changes
from wb_pipeline.facts.distinct_values import fetch_columns, lent
from wb_pipeline.facts.support_claims import open_support_claims

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from wb_pipeline.evidence.support.model import SupportModel

_ITEMS_AT_ONCE = 500
"""Items whose content is in memory at the same time."""
_MOST_SHOWN = 300
_CITED_ITEMS = """
select distinct evidence_hash, evidence_id from support_claims
where evidence_id is not null order by evidence_hash, evidence_id
"""
# An id on items that differ proves nothing, as in facts.citation_facts.
_CONTENT = """
select items.evidence_hash, items.evidence_id, min(items.evidence_type) as evidence_type, min(items.payload) as payload
from raw.evidence_items as items
inner join asked_items as asked
    on asked.evidence_hash = items.evidence_hash and asked.evidence_id = items.evidence_id
group by items.evidence_hash, items.evidence_id
having count(distinct to_json([evidence_type, evidence_state, happened_at::varchar, payload])) = 1
"""
_CLAIMS = """
select support_claims.* from support_claims
inner join asked_items as asked
    on asked.evidence_hash = support_claims.evidence_hash and asked.evidence_id = support_claims.evidence_id
order by claim_number
"""
_FACTS = """
create or replace table facts.value_support as
select
    cited.manifest_id, cited.proposal_key, cited.change_id, cited.citation_ordinal, cited.evidence_id,
    cited.quote is not null and trim(cited.quote) <> '' as is_quoted,
    cited.is_read,
    case when cited.is_read then coalesce(judged.verdict, 'unread') else 'silent' end as verdict,
    judged.reason,
    judged.intent
from cited_changes as cited
left join support_claims as claims
    on claims.manifest_id = cited.manifest_id and claims.change_id = cited.change_id
        and claims.citation_ordinal = cited.citation_ordinal
left join support_verdicts as judged on judged.claim_number = claims.claim_number
"""
_NOT_FOUND = Judgement(Support("silent", "the cited item is not in the evidence store"))
_BROKEN = Judgement(Support("silent", "the item or the value cannot be read"))


class _Policies(NamedTuple):
    """What the policies say of values, by policy: picklists, vendors' words for their values, signs of a stage."""

    synonyms: dict[tuple[str, str, str], dict[str, str]]
    options: dict[tuple[str, str, str], frozenset[str]]
    stages: dict[str, dict[str, frozenset[str]]]


def write_value_support(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.value_support and return its rows. Reads facts.field_names, value_facts, match_candidates, policy.*.

    Grain: (manifest, change other than the action row, citation of its proposal). manifest_id, proposal_key, change_id,
    citation_ordinal, evidence_id, is_quoted, is_read (the field is one that evidence can support), verdict (`supports`,
    `hedged`, `silent`, `contradicts`; `unread` beyond the first 50 citations), reason (for people), intent (of a buyer,
    for a stage; NULL if none is explicit).
    """
    open_named_changes(con)
    open_support_claims(con)
    judged = list(_judgements(con, model_from_settings()))
    columns: dict[str, tuple[pa.DataType, list[object]]] = {
        "claim_number": (pa.int64(), [number for number, _ in judged]),
        "verdict": (pa.string(), [found.support.verdict for _, found in judged]),
        "reason": (pa.string(), [found.support.reason[:_MOST_SHOWN] for _, found in judged]),
        "intent": (pa.string(), [found.intent for _, found in judged]),
    }
    with lent(con, "support_verdicts", columns):
        con.execute(_FACTS)
    con.execute("drop table support_claims; drop table cited_changes")
    return count_rows(con, "facts.value_support")


def _judgements(con: duckdb.DuckDBPyConnection, model: SupportModel | None) -> Iterator[tuple[int, Judgement]]:
    """Yield (claim number, judgement), reading each cited item once."""
    policies = _policies(con)
    asked = fetch_columns(con, _CITED_ITEMS)
    for start in range(0, len(asked["evidence_id"]), _ITEMS_AT_ONCE):
        part = {name: (pa.string(), values[start : start + _ITEMS_AT_ONCE]) for name, values in asked.items()}
        with lent(con, "asked_items", part):
            items = {(row[0], row[1]): _item(row[2], row[3]) for row in con.execute(_CONTENT).fetchall()}
            for row in con.sql(_CLAIMS).to_arrow_table().to_pylist():
                item = items.get((row["evidence_hash"], row["evidence_id"]), _NOT_FOUND)
                yield row["claim_number"], _judged(row, item, policies, model)


def _read(text: str | None) -> Any:
    """Return JSON text as a value; None where it is none or cannot be read."""
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return None


def _item(evidence_type: str, payload: str) -> Item | Judgement:
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return _BROKEN
    return Item(evidence_type, content) if isinstance(content, dict) else _BROKEN


def _judged(
    row: Mapping[str, Any], item: Item | Judgement, policies: _Policies, model: SupportModel | None
) -> Judgement:
    if isinstance(item, Judgement):
        return item
    value = _read(row["new_value"])
    claim = _claim(row, value, policies)
    found = judge_item(claim, item, row["quote"])
    return (
        found._replace(support=combined(found.support, model, claim, item.passages, row["quote"])) if model else found
    )


def _claim(row: Mapping[str, Any], value: Any, policies: _Policies) -> Claim:
    return Claim(
        object=row["object"],
        field=row["field"],
        value=value,
        format=row["format"],
        old_value=_read(row["standing_value"]),
        action=row["action"],
        company_name=row["company_name"],
        company_domain=row["company_domain"],
        person_name=row["person_name"] or None,
        person_email=row["person_email"],
        profile_url=row["profile_url"],
        currency=row["currency"],
        synonyms=policies.synonyms.get((row["policy_hash"], row["object"], row["field"]), {}),
        options=policies.options.get((row["policy_hash"], row["object"], row["field"]), frozenset()),
        stages=policies.stages.get(row["policy_hash"], {}),
    )


def _policies(con: duckdb.DuckDBPyConnection) -> _Policies:
    synonyms: dict[tuple[str, str, str], dict[str, str]] = {}
    stages: dict[str, dict[str, set[str]]] = {}
    words = "select policy_hash, object, field, word, value from policy.picklist_mappings"
    for policy_hash, name, field, word, value in con.execute(words).fetchall():
        synonyms.setdefault((policy_hash, name, field), {})[word.strip().lower()] = value
    for policy_hash, sign, stage in con.execute("select policy_hash, sign, stage from policy.stage_signs").fetchall():
        stages.setdefault(policy_hash, {}).setdefault(sign, set()).add(stage)
    frozen = {key: {sign: frozenset(each) for sign, each in signs.items()} for key, signs in stages.items()}
    listed = "select policy_hash, object, field, list(value) from policy.picklists group by all"
    options = {(row[0], row[1], row[2]): frozenset(row[3]) for row in con.execute(listed).fetchall()}
    return _Policies(synonyms, options, frozen)
