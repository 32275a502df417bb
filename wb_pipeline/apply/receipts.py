"""The table `write_receipts`: how every write ended, published as Parquet and CSV. Derived from the ledger alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wb_pipeline.connectors.atomic import written_atomically
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger

TABLE = "write_receipts"
# Grain: attempt at a write that is settled. Column -> kind.
COLUMNS: dict[str, str] = {
    "write_key": "string",
    "attempt": "int64",
    "action": "string",
    "object": "string",
    "record_id": "string",
    "fields": "string",
    "old_values": "string",
    "new_values": "string",
    "outcome": "string",
    "answer": "string",
    "is_reconciled": "bool",
    "attempts": "int64",
    "change_ids": "string",
    "approvals": "string",
    "batch_key": "string",
    "proposal_key": "string",
    "actor_id": "string",
    "crm": "string",
    "undoes": "string",
    "planned_by": "string",
    "planned_at": "string",
    "settled_at": "string",
    "settled_sequence": "int64",
}
# A spreadsheet runs a cell that starts like this; a leading quote makes it text.
_FORMULA_STARTS = tuple("=+@-\t\r")


def writes_folder(home: Home) -> Path:
    """Return where the receipts lie."""
    return home.published / "writes"


def publish_receipts(home: Home, ledger: Ledger) -> list[Path]:
    """Write the receipts as Parquet, and as CSV that no spreadsheet takes for formulas; return the files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = receipts(ledger)
    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in COLUMNS.items()])
    parquet, sheet = (writes_folder(home) / f"{TABLE}{suffix}" for suffix in (".parquet", ".csv"))
    with written_atomically(parquet) as unfinished:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), unfinished)
    with written_atomically(sheet) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return [parquet, sheet]


def receipts(ledger: Ledger) -> list[dict[str, Any]]:
    """Return the receipts in the order of the ledger. Values that were erased are None."""
    events = sorted(
        (event for kind in (WritePlanned.kind, WriteSettled.kind) for event in ledger.events(kind)),
        key=lambda event: event.sequence,
    )
    planned: dict[str, tuple[Event, WritePlanned]] = {}
    pairs: list[tuple[Event, WritePlanned, Event, WriteSettled]] = []
    for event in events:
        if event.kind == WritePlanned.kind:
            planned[event.subject] = event, payload_of(event, WritePlanned)
        elif event.subject in planned:
            pairs.append((*planned[event.subject], event, payload_of(event, WriteSettled)))
    kept = ledger.kept(
        digest
        for _, plan, _, end in pairs
        for digest in (plan.values_digest, end.before_digest, end.answer_digest)
        if digest
    )
    return [_row(*pair, kept) for pair in pairs]


def _row(
    planned_event: Event, planned: WritePlanned, event: Event, settled: WriteSettled, kept: Mapping[str, str]
) -> dict[str, Any]:
    wanted = json.loads(kept[planned.values_digest]) if planned.values_digest in kept else {}
    return {
        "write_key": event.subject,
        "attempt": planned.attempt,
        "action": planned.action,
        "object": planned.object,
        "record_id": settled.record_id,
        "fields": _text(planned.fields),
        "old_values": kept.get(settled.before_digest or ""),
        "new_values": _text(wanted["fields"]) if wanted else None,
        "outcome": settled.outcome,
        "answer": settled.answer if settled.answer_digest is None else kept.get(settled.answer_digest),
        "is_reconciled": settled.reconciled,
        "attempts": settled.attempts,
        "change_ids": _text(planned.change_ids),
        "approvals": _text(planned.approvals),
        "batch_key": planned.batch_key,
        "proposal_key": planned.proposal_key,
        "actor_id": planned.actor_id,
        "crm": planned.crm,
        "undoes": planned.undoes,
        "planned_by": planned_event.recorded_by,
        "planned_at": planned_event.recorded_at,
        "settled_at": event.recorded_at,
        "settled_sequence": event.sequence,
    }


def _text(value: Sequence[Any] | Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _cell(value: object) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
