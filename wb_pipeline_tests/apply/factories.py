"""Sealed decisions to be written, small and quick: books with one batch per call. No assertions here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.apply.run import apply_approved
from wb_pipeline.canonical import text_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS
from wb_pipeline.ledger.manifests import commit_manifest
from wb_pipeline.ledger.sealed_changes import SealedChange
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.review.approvals import ApprovedChange, ApprovedField
from wb_pipeline.review.context import payload_of_unit
from wb_pipeline.review.units import units_of
from wb_pipeline_tests.apply.memory_crm import QUICK, MemoryCrm, StillClock
from wb_pipeline_tests.ledger.factories import batch_key, decisions, manifest, seal

Row = dict[str, Any]


def books(root: Path, clock: StillClock | None = None) -> tuple[Home, Ledger]:
    """Return an empty home with a ledger whose time is the test's."""
    home = Home(root / "home")
    return home, Ledger.open(home, clock=(clock or StillClock()).now)


def applied(opened: tuple[Home, Ledger], crm: MemoryCrm) -> ApplyReport:
    """Write once what may be written, by the CRM's own clock."""
    return apply_approved(*opened, crm, crm.clock.now(), limits=QUICK, timing=crm.clock.timing)


def sealed(home: Home, ledger: Ledger, rows: Sequence[Row], label: str = "batch") -> str:
    """Seal rows (see `change`) as one batch; return its key."""
    key = batch_key(label)
    made = manifest(key, ledger=ledger)
    commit_manifest(ledger, made)
    columns = {name: [_numbered(key, row).get(name) for row in rows] for name in DECISION_COLUMNS}
    plain = decisions(made, key, 1).schema
    table = pa.table({name: pa.array(columns[name], plain.field(name).type) for name in plain.names if name in columns})
    table = table.set_column(
        table.schema.get_field_index("manifest_id"), "manifest_id", pa.array([made.manifest_id] * len(rows))
    )
    seal(home, ledger, made, table, run_id=label)
    return key


def change(proposal: int, field: str | None, value: Any, base: Any = None, **columns: Any) -> Row:
    """Return one decision: a field of proposal number `proposal`, or its action where `field` is None."""
    row: Row = {
        "line_number": proposal,
        "ordinal": 0 if field is None else columns.pop("ordinal", 1),
        "is_action_row": field is None,
        "proposal_id": f"p-{proposal}",
        "actor_type": "ai_agent",
        "actor_id": "agent-1",
        "source": "linkedin",
        "action": "update",
        "object": "contact",
        "record_id": f"con-{proposal}",
        "field": field,
        "operation": "set",
        "lane": "auto",
        "labels": "[]",
        "reason_codes": "[]",
        "objections": "[]",
        "confidence": 90.0,
        "effective_confidence": 90.0,
        "policy_hash": "policy",  # What `manifest` names: the policy in force.
        "snapshot_hash": text_hash("crm"),
        "evidence": json.dumps([f"ev-{proposal}"]),
        "old_value": None if base is None else json.dumps(base),
        "new_value": json.dumps(value),
    }
    row |= columns
    row.setdefault("effective_action", row["action"])
    row.setdefault("proposal_lane", row["lane"])
    if row["action"] in ("create", "log"):
        row["record_id"] = None
    return row


def made(proposal: int, fields: Mapping[str, Any], **columns: Any) -> list[Row]:
    """Return the decisions on a create (or, with `action`, a log): the action and its fields."""
    given = {"action": "create", **columns}
    rows = [change(proposal, None, dict(fields), **given)]
    return rows + [
        change(proposal, name, value, ordinal=n, **given) for n, (name, value) in enumerate(fields.items(), 1)
    ]


def sealed_change(row: Row, label: str = "batch") -> SealedChange:
    """Return a decision as it is read from a segment, without any file."""
    complete = dict.fromkeys(DECISION_COLUMNS) | _numbered(batch_key(label), row)
    return SealedChange(complete, "segment", 1, "2026-03-02T09:00:00.000000Z", is_erased=False)


def approved(changes: Sequence[SealedChange], approvals: tuple[int, ...] = ()) -> list[ApprovedChange]:
    """Return decisions of whole proposals as changes that may be written."""
    return [
        ApprovedChange(
            item_id=unit.item_id,
            change_ids=tuple(member.change_id for member in unit.members),
            action=unit.action,
            object=unit.row["object"],
            record_id=unit.row["record_id"],
            fields=tuple(_field(row, is_noted=row.lane == "suggest" and not approvals) for row in unit.written_rows),
            payload=payload_of_unit(unit),
            approvals=approvals,
            approved_by=(),
            binding="",
            is_suggestion=unit.lane == "suggest" and not approvals,
            pending_key="",
            row=unit.row,
        )
        for unit in units_of(changes)
    ]


def _field(change: SealedChange, *, is_noted: bool) -> ApprovedField:
    row = change.row
    name = row["suggestion_field"] if is_noted else row["field"]
    base = None if is_noted else row["old_value"]
    return ApprovedField(change.change_id, name, row["operation"], base, row["new_value"])


def _numbered(key: str, row: Row) -> Row:
    proposal = f"{key[:16]}:{row['line_number']}"
    return {**row, "batch_key": key, "proposal_key": proposal, "change_id": f"{proposal}:{row['ordinal']}"}
