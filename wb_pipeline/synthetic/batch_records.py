"""Writes the proposals as a batch in the contract's form (its section 3). The truth about them is not in the batch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from wb_pipeline.synthetic.crm_records import (
    COMPANY_FIELDS,
    CONTACT_FIELDS,
    contract_fields,
    table_rows,
    write_lines,
)

_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_ACTOR = {"type": "ai_agent", "id": "agent-enrich-1", "model": "m-large-3"}
_SOURCES = {"meeting_notes": "call", "call_transcript": "call"}
_FIELDS = {"contact": CONTACT_FIELDS, "company": COMPANY_FIELDS}
_CONFIDENCE = 90


def write_batch(folder: Path, proposals: pa.Table) -> dict[str, int]:
    """Write `proposals.jsonl`: an update where the agent names a record, else a create; return its number of lines."""
    folder.mkdir(parents=True, exist_ok=True)
    count = write_lines(folder / "proposals.jsonl", map(_proposal, table_rows(proposals)))
    return {"batches/proposals.jsonl": count}


def _proposal(row: dict[str, Any]) -> dict[str, Any]:
    submitted = _START + timedelta(seconds=int(row["proposal_id"].removeprefix("pr_")))
    shared = {
        "proposal_id": row["proposal_id"],
        "batch_id": "sample",
        "submitted_at": submitted.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "idempotency_key": row["proposal_id"],
        "actor": _ACTOR,
        "object": row["kind"],
        "confidence": _CONFIDENCE,
        "source": _SOURCES.get(row["source"], row["source"]),
        "evidence": [],
    }
    fields = contract_fields(row, _FIELDS[row["kind"]])
    if row["ai_target_id"] is None:
        return {**shared, "action": "create", "payload": fields}
    changes = [{"field": name, "op": "set", "value": value} for name, value in fields.items()]
    return {**shared, "action": "update", "target": {"id": row["ai_target_id"]}, "changes": changes}
