"""A home with decisions of people and settled writes in its ledger. No assertions here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wb_pipeline.canonical import canonical_json, text_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_review import ItemDecided, ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import CLOCK, batch_key, decisions, manifest, seal, small_books

HASH = text_hash("anything")


def books_with_queue(root: Path, rows: int = 6, **columns: str) -> tuple[Home, Ledger, list[str]]:
    """Return a home in which every row of one batch waits for a person; the ids of the items.

    Sealing takes longer than most tests: what was made once for a session is copied.
    """
    home = Home(root / "home")
    if os.environ.get("WB_LEDGER"):
        _seal_queue(root, rows, columns)  # The ledger is elsewhere: there is nothing to copy.
    else:
        made = root.parent / f"books-{text_hash(canonical_json([rows, columns]))[:16]}"
        if not made.is_dir():
            _seal_queue(made, rows, columns)
        shutil.copytree(made / "home", home.root)
    key = batch_key("queue")
    return home, Ledger.open(home, clock=lambda: CLOCK), [f"{key[:16]}:{row + 1}:1" for row in range(rows)]


def _seal_queue(root: Path, rows: int, columns: Mapping[str, str]) -> None:
    home, ledger = small_books(root, batches=0)
    key = batch_key("queue")
    made = manifest(key, ledger=ledger)
    ledger.append([made.payload.about(made.manifest_id)], recorded_by="pipeline")
    seal(home, ledger, made, decisions(made, key, rows, **{"lane": "'review'", "proposal_lane": "'review'", **columns}))


def decide(
    ledger: Ledger,
    change_id: str,
    decision: str = "approve",
    by: str = "dana",
    edited: dict[str, Any] | None = None,
    **fields: object,
) -> int:
    """Put a person's decision on record; return its sequence."""
    payload = {
        "decision": decision,
        "reason_code": "",
        "words": "",
        "binding": HASH,
        "policy_hash": HASH,
        "batch_key": HASH,
        "group_id": "",
        "is_final": True,
    } | fields
    with ledger.writing(by) as book:
        digest = None if edited is None else book.keep(canonical_json(edited))
        made = ItemDecided.model_validate(payload | {"edited_digest": digest})
        return book.append([made.about(change_id)])[0].sequence


def give_back(ledger: Ledger, change_id: str) -> None:
    """Put on record that an item waits again."""
    returned = ItemReturned(reason="value_changed", approval_sequence=1, note="")
    ledger.append([returned.about(change_id)], recorded_by="pipeline")


def plan_write(
    ledger: Ledger,
    *change_ids: str,
    fields: dict[str, Any] | None = None,
    base: dict[str, Any] | None = None,
    **payload: object,
) -> str:
    """Put a write into the outbox; return its key."""
    fields, base = fields or {"title": "VP IT"}, base or {"title": "Head of IT"}
    plan = {
        "change_ids": list(change_ids),
        "approvals": [],
        "batch_key": HASH,
        "proposal_key": change_ids[0].rpartition(":")[0] if change_ids else "",
        "actor_id": "agent-1",
        "action": "update",
        "object": "contact",
        "record_id": "con-0",
        "fields": sorted(fields),
        "crm": "files",
        "undoes": None,
        "attempt": 1,
    } | payload
    key = text_hash(f"write {canonical_json(plan)}")
    with ledger.writing("pipeline") as book:
        digest = book.keep(canonical_json({"fields": fields, "base": base}))
        book.append([WritePlanned.model_validate(plan | {"values_digest": digest}).about(key)])
    return key


def settle_write(
    ledger: Ledger,
    key: str,
    outcome: str = "written",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    **payload: object,
) -> int:
    """Put on record how a write ended; return the event's sequence."""
    settled = {
        "outcome": outcome,
        "record_id": "con-0",
        "attempts": 1,
        "answer": "ok",
        "reconciled": False,
    } | payload
    with ledger.writing("pipeline") as book:
        kept = {
            name: None if values is None else book.keep(canonical_json(values))
            for name, values in (("before_digest", before), ("after_digest", after))
        }
        return book.append([WriteSettled.model_validate(settled | kept).about(key)])[0].sequence


def write(ledger: Ledger, change_id: str, outcome: str = "written", **plan: object) -> str:
    """Put a write and how it ended on record; return its key."""
    key = plan_write(ledger, change_id, fields=None, base=None, **plan)
    settle_write(ledger, key, outcome, before={"title": "Head of IT"}, after={"title": "VP IT"})
    return key
