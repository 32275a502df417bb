"""facts.standing_values: the value that a change would replace, in normal form, and who wrote it when. Stops nothing.

Which of several candidates is meant is decided later, in SQL: every candidate has its rows here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wb_pipeline.canonical import canonical_json
from wb_pipeline.contract.times import read_time
from wb_pipeline.facts.current_run import count_rows, open_named_changes
from wb_pipeline.facts.distinct_values import fetch_columns, lent
from wb_pipeline.facts.field_rules import lent_rules
from wb_pipeline.normalize.fields import FieldRule, Invalid, check_json, plain_text
from wb_pipeline.normalize.text import normalize_text

if TYPE_CHECKING:
    import duckdb

# Of a field's history the latest entries are kept: more says nothing new, and one record must not slow a run.
MOST_WRITES = 200
_WRITER_KINDS = frozenset({"user", "agent", "integration"})

# One pointer per field, so that no name can become a path.
_STANDING = """
create or replace temp table standing as
select distinct
    changes.manifest_id, changes.policy_hash, candidates.object, candidates.record_id, changes.field,
    records.fields, records.field_writers, records.history,
    json_extract(
        try_cast(records.fields as json), '/' || replace(replace(changes.field, '~', '~0'), '/', '~1')
    )::varchar as current_value
from named_changes as changes
inner join facts.match_candidates as candidates
    on candidates.manifest_id = changes.manifest_id and candidates.proposal_key = changes.proposal_key
inner join raw.crm_records as records
    on
        records.snapshot_hash = changes.snapshot_hash
        and records.object = candidates.object
        and records.record_id = candidates.record_id
where changes.field is not null
"""
_RULED = """
select distinct
    standing.manifest_id, standing.object, standing.record_id, standing.field, rules.rule_number,
    standing.current_value, standing.field_writers, standing.history
from standing
inner join value_rules as rules
    on
        rules.policy_hash = standing.policy_hash
        and rules.object is not distinct from standing.object
        and rules.field is not distinct from standing.field
"""
_WRITTEN = {name: pa.string() for name in ("manifest_id", "object", "record_id", "field", "normalized_value", "writes")}


def write_standing_values(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.standing_values and return its rows. Reads the CRM, facts.field_names and facts.match_candidates.

    Grain: (manifest, object, record that a proposal may mean, field that it names). manifest_id, object, record_id,
    field, normalized_value (the CRM's value in the form of value_facts; NULL when empty; text that does not fit its
    field only in plain letters and spaces), writes (JSON list of what field history and last-writer metadata say, the
    latest `MOST_WRITES`: `writer`, `kind` (user, agent, integration, unknown), `at` in UTC or null, `before` and
    `after` in normal form; of metadata only `after`).
    """
    open_named_changes(con)
    con.execute(_STANDING)
    with lent_rules(con, "standing") as rules:
        given = fetch_columns(con, _RULED)
    rows = [_row(rules, dict(zip(given, values, strict=True))) for values in zip(*given.values(), strict=True)]
    columns = {name: (kind, [row[name] for row in rows]) for name, kind in _WRITTEN.items()}
    with lent(con, "standing_rows", columns):
        con.execute("create or replace table facts.standing_values as select * from standing_rows")
    con.execute("drop table standing")
    return count_rows(con, "facts.standing_values")


def _row(rules: list[FieldRule], given: dict[str, Any]) -> dict[str, Any]:
    rule = rules[given["rule_number"]]
    normalized = normal_form(given["current_value"], rule)
    writes = _from_history(given["history"], given["field"], rule)
    writers = _loaded(given["field_writers"])
    writer = writers.get(given["field"]) if isinstance(writers, dict) else None
    if isinstance(writer, dict):
        writes.append({**_writer(writer), "after": normalized})
    return {**given, "normalized_value": normalized, "writes": canonical_json(writes)}


def _from_history(history: str | None, field: str, rule: FieldRule) -> list[dict[str, Any]]:
    loaded = _loaded(history)
    listed = loaded if isinstance(loaded, list) else []
    entries = [each for each in listed if isinstance(each, dict) and each.get("field") == field]
    # A CRM lists its history either way round. What has no time counts as late.
    entries.sort(key=lambda each: str(each.get("at") or "~"))
    return [
        {
            **_writer(each),
            "before": normal_form(canonical_json(each.get("old")), rule),
            "after": normal_form(canonical_json(each.get("new")), rule),
        }
        for each in entries[-MOST_WRITES:]
    ]


def _writer(entry: dict[str, Any]) -> dict[str, Any]:
    writer = entry.get("by")
    kind = str(writer).partition(":")[0].strip().lower()
    moment = read_time(entry.get("at")).at
    return {
        "writer": writer,
        "kind": kind if kind in _WRITER_KINDS else "unknown",
        "at": f"{moment.isoformat()}Z" if moment else None,
    }


def normal_form(value: str | None, rule: FieldRule) -> str | None:
    """Return a value (JSON text) in its rule's normal form, what does not fit in plain form; None when it is empty."""
    if value is None:
        return None
    verdict, is_empty = check_json(value, rule)
    if is_empty:
        return None
    if not isinstance(verdict, Invalid):
        return plain_text(verdict.normalized)
    loaded = _loaded(value)
    return normalize_text(loaded) if isinstance(loaded, str) else value


def _loaded(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
