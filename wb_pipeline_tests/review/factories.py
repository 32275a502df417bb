"""Small queues without a run: made-up decisions sealed in a home with a policy, a CRM and evidence. No assertions here.

`queue` makes a home; `update`, `suggestion`, `create`, `merge`, `trigger` make the rows of one proposal each. Also for
tests of what builds on review: applying, the page, the audit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

from wb_pipeline.canonical import canonical_json, text_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS
from wb_pipeline.ledger.kinds import PolicyRegistered, SnapshotTaken
from wb_pipeline.ledger.manifests import Manifest, commit_manifest
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.review.desk import Desk
from wb_pipeline.review.model import Decision, Item, Outcome
from wb_pipeline.steps.intake import latest_snapshot, take_snapshot
from wb_pipeline_tests.ledger.factories import CLOCK, CODE_HASH, receive, seal

Rows = list[dict[str, Any]]

_NUMBERS = count(1)
_TYPES = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_(), "DOUBLE": pa.float64()}
SCHEMA = pa.schema([(name, _TYPES.get(kind, pa.timestamp("us"))) for name, kind in DECISION_COLUMNS.items()])
CONTACTS = [
    {"id": "con-1", "first_name": "Ana", "last_name": "Ruiz", "title": "Head of IT", "owner": "u-sales-1"},
    {"id": "con-2", "first_name": "Ben", "last_name": "Okafor", "phone": "+13035550147", "owner": "u-sales-3"},
]
COMPANIES = [{"id": "com-1", "name": "Northwind Outdoor"}, {"id": "com-2", "name": "Northwind Outdoors"}]
DEALS = [
    {"id": "deal-1", "name": "Northwind: 40 stores", "stage": "proposal", "amount": 48_000, "currency": "USD"},
    {"id": "deal-2", "name": "Northwind: all stores", "stage": "proposal", "amount": 400_000, "currency": "USD"},
]
EVIDENCE = {"ev-1": "I am VP IT now.", "ev-2": "Call me on +1 303 555 0199.", "ev-3": "We want the larger plan."}


def queue(root: Path, *proposals: Rows, now: datetime = CLOCK) -> tuple[Home, Ledger]:
    """Return a home in which these proposals are sealed as one batch; with none, one contact's title waits."""
    home = Home(root / "home")
    ledger = Ledger.open(home, clock=lambda: now)
    use_policy(home, ledger, default_policy_file().read_bytes())
    take_crm(home, ledger, root, now=now)
    take_evidence(home, ledger, root, EVIDENCE, now=now)
    seal_proposals(home, ledger, root, proposals or [update("title", "VP IT", old="Head of IT")])
    return home, ledger


def seal_proposals(home: Home, ledger: Ledger, root: Path, proposals: Iterable[Rows]) -> str:
    """Seal proposals as one batch of the latest snapshots and policy; return the batch key."""
    given = [list(rows) for rows in proposals]
    key = receive(home, ledger, _batch_file(root, given))
    made = _manifest(ledger, key)
    commit_manifest(ledger, made)
    seal(home, ledger, made, pa.Table.from_pylist(list(_numbered(made, key, given)), schema=SCHEMA))
    return key


def _batch_file(root: Path, proposals: Iterable[Rows]) -> Path:
    """Write what an actor would have sent, as far as anybody reads it again: what is cited, and quoted from it."""
    lines = []
    for number, rows in enumerate(proposals, start=1):
        cited = json.loads(rows[0].get("evidence", _DEFAULTS["evidence"]))
        evidence = [{"ref": name, "quote": "VP IT"} for name in cited]
        lines.append({"proposal_id": f"p-{number}", "batch_id": f"{root} {next(_NUMBERS)}", "evidence": evidence})
    return _folder(root, "batch", lines) / "batch.jsonl"


def use_policy(home: Home, ledger: Ledger, content: bytes) -> str:
    """Put a policy into the books without checking it again, which takes longer than all the rest; return its hash."""
    policy_hash = hashlib.sha256(content).hexdigest()
    home.policies.mkdir(parents=True, exist_ok=True)
    (home.policies / f"{policy_hash}.yaml").write_bytes(content)
    path = f"policies/{policy_hash}.yaml"
    registered = PolicyRegistered(path=path, file_hash=policy_hash, file_name="policy.yaml")
    ledger.append([registered.about(policy_hash)], recorded_by="pipeline")
    return policy_hash


def update(field: str = "title", new: Any = "VP IT", **columns: Any) -> Rows:
    """Return an update of one field that waits for a person; `old` is the value that stands there."""
    given = {"object": "contact", "record_id": "con-1", "lane": "review", "owner_id": "u-sales-1"} | columns
    old = given.pop("old", None)
    action_row = {**given, "is_action_row": True, "lane": "auto", "new_value": "{}", "objections": None}
    values = {"field": field, "old_value": _text(old), "seen_value": _text(old), "new_value": _text(new)}
    return [action_row, {**given, **values}]


def suggestion(field: str = "persona", new: Any = "decision_maker", **columns: Any) -> Rows:
    """Return an update that is kept as a suggestion; con-1 belongs to u-sales-1."""
    given = {"lane": "suggest", "suggestion_field": f"ai_suggested_{field}", "expires_at": datetime(2026, 3, 16, 9)}  # noqa: DTZ001 - sealed times are UTC without zone
    return update(field, new, **{**given, **columns})


def create(object_name: str, fields: Mapping[str, Any], **columns: Any) -> Rows:
    """Return the making of a record (`action="log"` for an activity) that waits as a whole."""
    given = {"action": "create", "object": object_name, "record_id": None, "lane": "review"} | columns
    head = {**given, "is_action_row": True, "new_value": canonical_json(dict(fields))}
    return [head, *({**given, "field": name, "new_value": _text(value)} for name, value in fields.items())]


def merge(object_name: str = "company", survivor: str = "com-1", loser: str = "com-2", **columns: Any) -> Rows:
    """Return a merge that waits."""
    payload = canonical_json({"survivor": survivor, "loser": loser})
    given = {"action": "merge", "object": object_name, "record_id": survivor, "lane": "review", "new_value": payload}
    return [{**given, "is_action_row": True} | columns]


def trigger(workflow_id: str = "wf-2", **columns: Any) -> Rows:
    """Return the start of a workflow on a deal that waits."""
    payload = canonical_json({"workflow_id": workflow_id})
    given = {"action": "trigger", "object": "deal", "record_id": "deal-1", "lane": "review", "new_value": payload}
    return [{**given, "is_action_row": True} | columns]


def objection(gate: str, **details: Any) -> str:
    """Return the column `objections` with one objection of a gate that asks for a person."""
    reason = gate.partition("__")[2]
    return canonical_json([{"gate": gate, "verdict": "review", "reason": reason, "details": details}])


def take_crm(
    home: Home,
    ledger: Ledger,
    root: Path,
    records: Mapping[str, Any] | None = None,
    now: Any = CLOCK,
    archived: Collection[str] = (),
) -> str:
    """Pull a CRM of some records; `records`: id -> fields to set beside the usual ones; `archived`: which are."""
    lines = []
    for name, rows in (("contact", CONTACTS), ("company", COMPANIES), ("deal", DEALS)):
        for row in rows:
            fields = {key: value for key, value in row.items() if key != "id"} | (records or {}).get(row["id"], {})
            lines.append({"object": name, "id": row["id"], "fields": fields, "updated_at": "2026-01-05T09:00:00Z"})
            lines[-1]["archived"] = row["id"] in archived
    return take_snapshot(home, ledger, "crm", _folder(root, "crm", lines), now).content_hash


def take_evidence(home: Home, ledger: Ledger, root: Path, bodies: Mapping[str, str], now: Any = CLOCK) -> str:
    """Pull a store of emails: id -> body."""
    lines = [
        {"id": name, "type": "email", "direction": "inbound", "sent_at": "2026-02-27T09:00:00Z", "body": body,
         "message_id": f"<{name}@mail.example>", "from": {"email": "ana.ruiz@northwind.example"}, "to": []}
        for name, body in bodies.items()
    ]  # fmt: skip
    return take_snapshot(home, ledger, "evidence", _folder(root, "evidence", lines), now).content_hash


def desk_at(home: Home, ledger: Ledger, now: datetime = CLOCK) -> Desk:
    """Return the desk of a home at a time."""
    return Desk(home, ledger, lambda: now)


def decided(desk: Desk, item: Item, decision: str = "approve", by: str = "u-ops-1", **given: Any) -> Outcome:
    """Decide on an item as it was shown; return what became of it."""
    if decision == "reject":
        given = {"reason_code": "wrong_value"} | given
    return desk.decide([Decision(item.item_id, decision, item.binding, **given)], by)[0]


def _folder(root: Path, name: str, lines: Iterable[Mapping[str, Any]]) -> Path:
    folder = root / f"{name}-{next(_NUMBERS)}"
    folder.mkdir(parents=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def _manifest(ledger: Ledger, key: str) -> Manifest:
    policy_hash = ledger.events(PolicyRegistered.kind)[-1].subject
    taken, head = ledger.events(SnapshotTaken.kind), ledger.head()
    crm, evidence = latest_snapshot(taken, "crm") or "", latest_snapshot(taken, "evidence") or ""
    made = Manifest((key,), crm, evidence, policy_hash, "", CODE_HASH, 0, "0" * 64, CLOCK)
    return replace(made, ledger_sequence=head.sequence, ledger_head=head.event_hash)


def _numbered(made: Manifest, key: str, proposals: Iterable[Rows]) -> Iterable[dict[str, Any]]:
    for line, rows in enumerate(proposals, start=1):
        for ordinal, row in enumerate(rows):
            proposal_key = f"{key[:16]}:{line}"
            own = {"line_number": line, "ordinal": ordinal, "proposal_key": proposal_key, "batch_key": key}
            names = {"change_id": f"{proposal_key}:{ordinal}", "proposal_id": f"p-{line}"}
            hashes = {"manifest_id": made.manifest_id, "policy_hash": made.policy_hash}
            yield _DEFAULTS | hashes | {"snapshot_hash": made.snapshot_hash} | own | names | _complete(row)


def _complete(row: Mapping[str, Any]) -> dict[str, Any]:
    action = row.get("action", "update")
    lane = row["lane"]
    return {"action": action, "effective_action": action, "proposal_lane": lane, "is_action_row": False} | dict(row)


_DECIDED_AT = CLOCK.astimezone(UTC).replace(tzinfo=None)
_DEFAULTS = {
    "batch_label": "2026-03-02-enrich", "content_hash": text_hash("line"), "actor_type": "ai_agent",
    "actor_id": "agent-enrich-1", "actor_model": "m-large-3", "source": "email", "operation": "set",
    "reason_codes": "[]", "labels": "[]", "match_method": "given_id", "match_probability": 1.0,
    "match_reason": "The proposal names this record by its id.", "confidence": 92.0, "effective_confidence": 91.0,
    "objections": objection("gate_policy__field_needs_approval", field="title"), "evidence": '["ev-1"]',
    "submitted_at": _DECIDED_AT, "decided_at": _DECIDED_AT, "rationale": "She says so herself.", "causation": "{}",
}  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None else canonical_json(value)
