"""Books with many sealed automatic updates, made without judging any: what `apply` measures with. Measures nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from wb_pipeline.canonical import text_hash
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS
from wb_pipeline.ledger.manifests import Manifest, commit_manifest
from wb_pipeline.ledger.segments import seal_run

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger

_BATCH = text_hash("benchmark of writing")
# Every other column is NULL. `i` counts from 1.
_COLUMNS = {
    "line_number": "i",
    "proposal_key": "$batch_key[1:16] || ':' || i",
    "proposal_id": "'p-' || i",
    "change_id": "$batch_key[1:16] || ':' || i || ':' || ordinal",
    "ordinal": "ordinal",
    "is_action_row": "ordinal = 0",
    "actor_type": "'ai_agent'",
    "actor_id": "'agent-bench'",
    "source": "'linkedin'",
    "action": "'update'",
    "effective_action": "'update'",
    "object": "'contact'",
    "record_id": "'bench-' || i",
    "field": "if(ordinal = 0, null, 'title')",
    "operation": "'set'",
    "lane": "'auto'",
    "proposal_lane": "'auto'",
    "reason_codes": "'[]'",
    "objections": "'[]'",
    "labels": "'[]'",
    "confidence": "90.0",
    "effective_confidence": "90.0",
    "policy_hash": "sha256('none')",
    "snapshot_hash": "sha256('no snapshot')",
    "evidence": "'[\"ev-' || i || '\"]'",
    "old_value": "if(ordinal = 0, null, '\"Head of IT\"')",
    "new_value": "if(ordinal = 0, null, '\"VP IT ' || i || '\"')",
}


def sealed_updates(home: Home, ledger: Ledger, writes: int) -> str:
    """Seal one batch with a new title for each of the contacts bench-1, bench-2 ...; return its key."""
    head = ledger.head()
    none = text_hash("none")
    manifest = Manifest(
        (_BATCH,), none, none, none, none, none, head.sequence, head.event_hash, datetime(2026, 3, 2, tzinfo=UTC)
    )
    commit_manifest(ledger, manifest)
    columns = ", ".join(f"({_COLUMNS.get(name, 'null')})::{kind} as {name}" for name, kind in _own_columns())
    query = f"""
        select $manifest_id as manifest_id, $batch_key as batch_key, {columns}
        from range(1, $writes + 1) numbers(i), (values (0), (1)) ordinals(ordinal)
    """  # noqa: S608 - our own names; values are parameters
    given = {"manifest_id": manifest.manifest_id, "batch_key": _BATCH, "writes": writes}
    with duckdb.connect() as con:
        decisions = con.sql(query, params=given).to_arrow_table()
        seal_run(con, home, ledger, manifest, decisions, run_id="benchmark", code_hash=none)
    return _BATCH


def _own_columns() -> list[tuple[str, str]]:
    return [each for each in DECISION_COLUMNS.items() if each[0] not in ("manifest_id", "batch_key")]
