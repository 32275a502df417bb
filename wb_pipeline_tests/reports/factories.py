"""A home with decisions of people and settled writes in its ledger. No assertions here."""

from __future__ import annotations

from pathlib import Path

from wb_pipeline.canonical import text_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_review import ItemDecided, ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import batch_key, decisions, manifest, seal, small_books

HASH = text_hash("anything")


def books_with_queue(root: Path, rows: int = 6, **columns: str) -> tuple[Home, Ledger, list[str]]:
    """Return a home in which every row of one batch waits for a person; the ids of the items."""
    home, ledger = small_books(root, batches=0)
    key = batch_key("queue")
    made = manifest(key, ledger=ledger)
    ledger.append([made.payload.about(made.manifest_id)], recorded_by="pipeline")
    columns = {"lane": "'review'", "proposal_lane": "'review'"} | columns
    seal(home, ledger, made, decisions(made, key, rows, **columns))
    return home, ledger, [f"{key[:16]}:{row + 1}:1" for row in range(rows)]


def decide(ledger: Ledger, change_id: str, decision: str = "approve", by: str = "dana", **fields: object) -> None:
    """Put a person's decision on record."""
    payload = {
        "decision": decision,
        "reason_code": "",
        "words": "",
        "edited_digest": None,
        "binding": HASH,
        "policy_hash": HASH,
        "batch_key": HASH,
        "group_id": "",
        "is_final": True,
    }
    ledger.append([ItemDecided.model_validate(payload | fields).about(change_id)], recorded_by=by)


def give_back(ledger: Ledger, change_id: str) -> None:
    """Put on record that an item waits again."""
    returned = ItemReturned(reason="value_changed", approval_sequence=1, note="")
    ledger.append([returned.about(change_id)], recorded_by="pipeline")


def write(ledger: Ledger, change_id: str, outcome: str = "written", **fields: object) -> str:
    """Put a write and how it ended on record; return its key."""
    key = text_hash(f"write {change_id}")
    plan = {
        "change_ids": [change_id],
        "approvals": [],
        "batch_key": HASH,
        "proposal_key": change_id.rpartition(":")[0],
        "actor_id": "agent-1",
        "action": "update",
        "object": "contact",
        "record_id": "con-1",
        "fields": ["title"],
        "values_digest": HASH,
        "crm": "files",
        "undoes": None,
        "attempt": 1,
    }
    settled = {
        "outcome": outcome,
        "record_id": "con-1",
        "before_digest": None,
        "after_digest": None,
        "attempts": 1,
        "answer": "ok",
        "reconciled": False,
    }
    ledger.append([WritePlanned.model_validate(plan | fields).about(key)], recorded_by="pipeline")
    ledger.append([WriteSettled.model_validate(settled).about(key)], recorded_by="pipeline")
    return key
