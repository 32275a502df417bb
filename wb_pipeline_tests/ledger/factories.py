"""Small synthetic books: decisions of any size, a home with everything in it. No assertions here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from wb_pipeline.canonical import file_hash, text_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.archive import archive_file
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS
from wb_pipeline.ledger.kinds import BatchReceived, PolicyRegistered, SnapshotTaken
from wb_pipeline.ledger.manifests import Manifest, commit_manifest
from wb_pipeline.ledger.segments import SealOutcome, seal_run
from wb_pipeline.ledger.store import Ledger

CLOCK = datetime(2026, 3, 2, 9, tzinfo=UTC)
CODE_HASH = text_hash("code")

# Every column of a decision, as SQL over a row number i; overridden by name in `decisions`.
_DEFAULTS = {
    "line_number": "i + 1",
    "proposal_key": "$batch_key[1:16] || ':' || (i + 1)",
    "proposal_id": "'p-' || i",
    "change_id": "$batch_key[1:16] || ':' || (i + 1) || ':1'",
    "ordinal": "1",
    "is_action_row": "false",
    "batch_label": "'2026-03-02-enrich'",
    "content_hash": "sha256('line ' || i)",
    "actor_type": "'ai_agent'",
    "actor_id": "'agent-enrich-1'",
    "actor_model": "'m-large-3'",
    "workflow_id": "'wf-1'",
    "source": "'linkedin'",
    "action": "'update'",
    "effective_action": "'update'",
    "object": "'contact'",
    "record_id": "'con-' || (i // 2)",
    "field": "['title', 'phone'][1 + i % 2]",
    "operation": "'set'",
    "lane": "['auto', 'review', 'deny'][1 + i % 3]",
    "proposal_lane": "['auto', 'review', 'deny'][1 + i % 3]",
    "reason_codes": "'[\"field_not_granted\"]'",
    "objections": (
        '\'[{"details":{"field":"title"},"gate":"gate_policy__field_not_granted",'
        '"reason":"field_not_granted","verdict":"review"}]\''
    ),
    "labels": "'[]'",
    "match_method": "'given_id'",
    "match_reason": "'the proposal names record con-' || (i // 2)",
    "confidence": "91.5",
    "effective_confidence": "91.5",
    "policy_hash": "sha256('policy')",
    "snapshot_hash": "sha256('crm')",
    "evidence": "'[\"ev-' || i || '\"]'",
    "submitted_at": "timestamp '2026-03-02 08:59:00'",
    "decided_at": "timestamp '2026-03-02 09:00:00'",
    "old_value": "'\"Head of IT ' || i || '\"'",
    "new_value": "'\"VP IT ' || i || '\"'",
    "seen_value": "'\"Head of IT ' || i || '\"'",
    "deed_key": "'update con-' || (i // 2) || ' ' || i",
    "rationale": "'profile ' || i || ' shows a new title'",
}


def batch_key(label: str) -> str:
    """Return a batch key that nothing else has."""
    return text_hash(f"batch {label}")


def manifest(*batches: str, ledger: Ledger | None = None) -> Manifest:
    """Return a manifest over batch keys, standing at the head of `ledger` (at its beginning without one)."""
    made = Manifest(batches, "crm", "evidence", "policy", "", CODE_HASH, 0, "0" * 64, CLOCK)
    if ledger is None:
        return made
    head = ledger.head()
    return replace(made, ledger_sequence=head.sequence, ledger_head=head.event_hash)


def decisions(made: Manifest, key: str, rows: int, **overrides: str) -> pa.Table:
    """Return `rows` decisions on a batch; `overrides`: column -> SQL over the row number i (from 0)."""
    columns = _DEFAULTS | overrides
    select = ", ".join(
        f"({columns.get(name, 'null')})::{kind} as {name}"
        for name, kind in DECISION_COLUMNS.items()
        if name not in ("manifest_id", "batch_key")
    )
    with duckdb.connect() as con:
        return con.sql(
            f"select $manifest_id as manifest_id, $batch_key as batch_key, {select} from range($rows) t(i)",
            params={"manifest_id": made.manifest_id, "batch_key": key, "rows": rows},
        ).to_arrow_table()


def seal(home: Home, ledger: Ledger, made: Manifest, table: pa.Table, run_id: str = "run-1") -> SealOutcome:
    """Seal decisions with a connection of their own."""
    with duckdb.connect() as con:
        return seal_run(con, home, ledger, made, table, run_id=run_id, code_hash=CODE_HASH)


def receive(home: Home, ledger: Ledger, source: Path) -> str:
    """Archive a batch file and put it into the ledger; return its batch key."""
    kept = archive_file(source, home.archive, ".jsonl")
    payload = BatchReceived(
        path=kept.path.relative_to(home.root).as_posix(),
        file_name=source.name,
        file_format="jsonl",
        byte_count=source.stat().st_size,
    )
    ledger.append_unless_exists(payload.about(kept.content_hash), recorded_by="pipeline")
    return kept.content_hash


def register_inputs(home: Home, ledger: Ledger) -> None:
    """Put one snapshot and one policy file into home and ledger."""
    names = ("crm-1.parquet", "crm-1.rejected.parquet")
    for folder, name in (*((home.snapshots, name) for name in names), (home.policies, "policy-1.yaml")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}", encoding="utf-8")
    crm, policy = home.snapshots / "crm-1.parquet", home.policies / "policy-1.yaml"
    taken = SnapshotTaken(
        source="crm",
        path="snapshots/crm-1.parquet",
        file_hash=file_hash(crm),
        rejected_path="snapshots/crm-1.rejected.parquet",
        rejected_hash=file_hash(home.snapshots / "crm-1.rejected.parquet"),
        rows=1,
        taken_at="2026-03-02T08:00:00Z",
    )
    used = PolicyRegistered(path="policies/policy-1.yaml", file_hash=file_hash(policy), file_name="policy.yaml")
    ledger.append([taken.about(text_hash("crm")), used.about(text_hash("policy"))], recorded_by="pipeline")


def small_books(root: Path, batches: int = 2, rows: int = 6) -> tuple[Home, Ledger]:
    """Make a home with everything in it: inputs, archived batches, one manifest per batch, sealed segments."""
    root.mkdir(parents=True, exist_ok=True)
    home = Home(root / "home")
    ledger = Ledger.open(home, clock=lambda: CLOCK)
    register_inputs(home, ledger)
    for number in range(batches):
        source = root / f"batch-{number}.jsonl"
        source.write_text(f'{{"proposal_id": "p-{number}"}}\n', encoding="utf-8")
        key = receive(home, ledger, source)
        made = manifest(key, ledger=ledger)
        commit_manifest(ledger, made)
        seal(home, ledger, made, decisions(made, key, rows), run_id=f"run-{number}")
    return home, ledger
