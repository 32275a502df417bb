"""A home with approved changes of every kind, and the CRM that they are about: small, and made once. No assertions.

The changes are sealed as automatic ones, so that what is proved here is about writing alone.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from wb_pipeline.canonical import text_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.manifests import commit_manifest
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import CLOCK, decisions, manifest, receive, register_inputs, seal

Json = dict[str, Any]

PEOPLE = 6
CRM: list[Json] = [
    *({"object": "contact", "id": f"con-{n}", "fields": {"title": f"Title {n}"}} for n in range(1, PEOPLE + 1)),
    {"object": "contact", "id": "con-9", "fields": {"title": "CFO", "company_id": "com-9"}},
    {"object": "company", "id": "com-1", "fields": {"name": "Acme", "industry": "it"}},
    {"object": "company", "id": "com-8", "fields": {"name": "Borealis"}},
    {"object": "company", "id": "com-9", "fields": {"name": "Borealis Inc", "industry": "retail"}},
]
"""What the CRM holds before anything is written."""


def make_world(root: Path, *, lane: str = "auto") -> Home:
    """Make a home whose one batch has every kind of change, all of them in one lane."""
    root.mkdir(parents=True, exist_ok=True)
    home = Home(root / "home")
    ledger = Ledger.open(home, clock=lambda: CLOCK)
    register_inputs(home, ledger)
    source = root / "batch.jsonl"
    source.write_text('{"proposal_id": "p-1"}\n', encoding="utf-8")
    key = receive(home, ledger, source)
    made = manifest(key, ledger=ledger)
    commit_manifest(ledger, made)
    schema = decisions(made, key, 0).schema
    rows = [row | {"manifest_id": made.manifest_id, "lane": lane, "proposal_lane": lane} for row in _rows(key)]
    seal(home, ledger, made, pa.Table.from_pylist(rows, schema=schema))
    return home


def _rows(batch_key: str) -> list[Json]:
    updates: list[list[Json]] = [
        [_set("contact", f"con-{n}", "title", f"Title {n}", f"New title {n}")] for n in range(2, PEOPLE)
    ]
    proposals = [
        [
            _set("contact", "con-1", "title", "Title 1", "New title 1"),
            _set("contact", "con-1", "phone", None, "+14155550132"),
        ],
        *updates,
        # Somebody was faster: it is so already.
        [_set("contact", f"con-{PEOPLE}", "title", "Title 0", f"Title {PEOPLE}")],
        [_set("company", "com-1", "industry", "it", "software")],
        _whole("create", "company", {"name": "Cumulus", "domain": "cumulus.example"}, proposal_id="p-company"),
        _whole("create", "contact", {"email": "eva@cumulus.example", "company_id": "p-company"}),
        _whole("log", "activity", {"activity_type": "note", "contact_id": "con-1", "body": "Called."}),
        [_deed("trigger", "contact", "con-2", {"workflow_id": "wf-1", "effect": "enroll_sequence"})],
        [_deed("merge", "company", "com-8", {"survivor": "com-8", "loser": "com-9"})],
    ]
    return [
        _common(batch_key, line) | row | {"change_id": f"{batch_key[:16]}:{line}:{row['ordinal']}"}
        for line, rows in enumerate(proposals, start=1)
        for row in _numbered(rows)
    ]


def _numbered(rows: list[Json]) -> list[Json]:
    first = 0 if rows[0]["is_action_row"] else 1
    return [row | {"ordinal": number} for number, row in enumerate(rows, start=first)]


def _common(batch_key: str, line: int) -> Json:
    return {
        "batch_key": batch_key, "line_number": line, "proposal_key": f"{batch_key[:16]}:{line}",
        "proposal_id": f"p-{line}", "actor_type": "ai_agent", "actor_id": "agent-enrich-1", "source": "linkedin",
        "content_hash": text_hash(f"line {line}"), "policy_hash": text_hash("policy"),
        "snapshot_hash": text_hash("crm"),
        "reason_codes": "[]", "objections": "[]", "labels": "[]", "evidence": '["ev-1"]', "effective_confidence": 91.0,
        "confidence": 91.0, "operation": "set", "decided_at": _naive(CLOCK), "submitted_at": _naive(CLOCK),
        "deed_key": f"deed {line}", "rationale": "seen", "match_method": "given_id", "match_reason": "named",
    }  # fmt: skip


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _set(object_name: str, record_id: str, field: str, old: Any, new: Any) -> Json:
    return {
        "action": "update", "effective_action": "update", "object": object_name, "record_id": record_id,
        "field": field, "is_action_row": False, "new_value": json.dumps(new),
        "old_value": None if old is None else json.dumps(old), "seen_value": None if old is None else json.dumps(old),
    }  # fmt: skip


def _deed(action: str, object_name: str, record_id: str | None, payload: Json) -> Json:
    return {
        "action": action, "effective_action": action, "object": object_name, "record_id": record_id, "field": None,
        "is_action_row": True, "new_value": json.dumps(payload), "old_value": None,
    }  # fmt: skip


def _whole(action: str, object_name: str, fields: Json, **more: Any) -> list[Json]:
    parts = [_set(object_name, "", name, None, value) for name, value in fields.items()]
    made = [part | {"action": action, "effective_action": action, "record_id": None} for part in parts]
    return [row | more for row in (_deed(action, object_name, None, fields), *made)]
