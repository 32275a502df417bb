"""A home in which many made-up items wait, sealed without a run. Nothing is measured here."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import text_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS
from wb_pipeline.ledger.manifests import Manifest, commit_manifest
from wb_pipeline.ledger.segments import seal_run
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.steps.intake import receive_batch, register_policy, take_snapshot

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = datetime(2026, 3, 2, 9, tzinfo=UTC)
_EVIDENCE_ITEMS = 1_000
_CODE_HASH = text_hash("bench")
# Columns of a field's row as SQL over its number i; a third of them are deals.
_COLUMNS = {
    "line_number": "i + 1",
    "proposal_key": "$batch_key[1:16] || ':' || (i + 1)",
    "proposal_id": "'p-' || i",
    "actor_type": "'ai_agent'",
    "actor_id": "'agent-enrich-1'",
    "source": "'email'",
    "action": "'update'",
    "effective_action": "'update'",
    "object": "['contact', 'company', 'deal'][1 + i % 3]",
    "record_id": "['con-', 'com-', 'deal-'][1 + i % 3] || i",
    "operation": "'set'",
    "proposal_lane": "'review'",
    "reason_codes": "'[]'",
    "labels": "'[]'",
    "match_method": "'given_id'",
    "confidence": "60.0 + i % 40",
    "effective_confidence": "60.0 + i % 40",
    "policy_hash": "$policy_hash",
    "snapshot_hash": "$snapshot_hash",
    "evidence": f"'[\"ev-' || (i % {_EVIDENCE_ITEMS}) || '\"]'",
    "decided_at": "timestamp '2026-03-02 09:00:00'",
    "rationale": "'reason ' || i",
}
_FIELD = {
    "ordinal": "1",
    "change_id": "$batch_key[1:16] || ':' || (i + 1) || ':1'",
    "is_action_row": "false",
    "lane": "'review'",
    "field": "['title', 'industry', 'stage'][1 + i % 3]",
    "old_value": "'\"old ' || i || '\"'",
    "new_value": "'\"new ' || i || '\"'",
    "objections": (
        '\'[{"gate":"gate_policy__field_needs_approval","verdict":"review","reason":"field_needs_approval",'
        '"details":{"field":"title"}}]\''
    ),
}
_ACTION = {
    "ordinal": "0",
    "change_id": "$batch_key[1:16] || ':' || (i + 1) || ':0'",
    "is_action_row": "true",
    "lane": "'auto'",
    "new_value": "'{}'",
}


def make_queue(folder: Path, items: int) -> Home:
    """Make a home below `folder`, anew, in which so many updates wait."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    home = Home(folder.resolve() / "home")
    ledger = Ledger.open(home, clock=lambda: CLOCK)
    policy_hash = register_policy(home, ledger, default_policy_file())
    deals = [{"object": "deal", "id": f"deal-{i}", "fields": {"amount": 100 + i}} for i in range(2, items, 3)]
    crm = take_snapshot(home, ledger, "crm", _lines(folder / "crm", deals), CLOCK).content_hash
    emails = [{"id": f"ev-{i}", "type": "email", "body": f"It is new {i}."} for i in range(_EVIDENCE_ITEMS)]
    evidence = take_snapshot(home, ledger, "evidence", _lines(folder / "evidence", emails), CLOCK).content_hash
    batch = _lines(folder / "batch", [{"proposal_id": f"p-{i}"} for i in range(items)]) / "lines.jsonl"
    key = receive_batch(home, ledger, batch).batch_key
    head = ledger.head()
    made = Manifest((key,), crm, evidence, policy_hash, "", _CODE_HASH, 0, "0" * 64, CLOCK)
    made = replace(made, ledger_sequence=head.sequence, ledger_head=head.event_hash)
    commit_manifest(ledger, made)
    _seal(home, ledger, made, items)
    return home


def _seal(home: Home, ledger: Ledger, made: Manifest, items: int) -> None:
    import duckdb

    given: dict[str, Any] = {
        "manifest_id": made.manifest_id,
        "batch_key": made.batches[0],
        "policy_hash": made.policy_hash,
        "snapshot_hash": made.snapshot_hash,
        "rows": items,
    }
    statement = f"{_select(_ACTION)} union all {_select(_FIELD)}"
    with duckdb.connect() as con:
        rows = con.sql(statement, params=given).to_arrow_table()
        seal_run(con, home, ledger, made, rows, run_id="bench", code_hash=_CODE_HASH)


def _select(own: dict[str, str]) -> str:
    columns = _COLUMNS | own | {"manifest_id": "$manifest_id", "batch_key": "$batch_key"}
    listed = ", ".join(f"({columns.get(name, 'null')})::{kind} as {name}" for name, kind in DECISION_COLUMNS.items())
    return f"select {listed} from range($rows) t(i)"  # noqa: S608 - our own columns


def _lines(folder: Path, rows: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / "lines.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder
