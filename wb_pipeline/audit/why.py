"""`wb audit why`: who changed what, when and why (AUD-3), from the books of record alone. Words are in `why_text`.

The warehouse is not opened: the answer must not depend on it, and a run may hold it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS, PERSONAL_COLUMNS, SEGMENT_COLUMNS
from wb_pipeline.ledger.kinds import BatchReceived, PolicyRegistered
from wb_pipeline.ledger.manifests import SealedBatch, sealed_batches
from wb_pipeline.ledger.segment_files import segment_path, values_path
from wb_pipeline.ledger.store import Ledger

if TYPE_CHECKING:
    import duckdb

MOST_DECISIONS = 1_000
_JSON_COLUMNS = (
    "reason_codes",
    "objections",
    "labels",
    "evidence",
    "causation",
    "old_value",
    "new_value",
    "seen_value",
)
_PLAIN = [name for name in SEGMENT_COLUMNS if name in DECISION_COLUMNS]


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """One decision and all that led to it.

    `decision` has DECISION_COLUMNS, JSON columns as values; personal ones are None where `is_erased`. The rest is from
    the ledger: names of the batch and policy files as they were given, the run, and where and when it was sealed (UTC
    text).
    """

    decision: dict[str, Any]
    is_erased: bool
    batch_file_name: str | None
    policy_file_name: str | None
    run_id: str
    ledger_sequence: int
    sealed_at: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decisions on a record (or a field of it) in the order of the ledger: the newest ones of `found` in all."""

    record_id: str
    field: str | None
    decisions: tuple[DecisionFacts, ...]
    found: int


def why(home: Home, record_id: str, field: str | None = None) -> Explanation:
    """Return the decisions on a record; with `field`, those on this field only (its canonical name).

    Raises InputError if there are no books, AuditError if a cited segment is missing or cannot be read.
    """
    if not home.ledger.is_file():
        raise InputError(f"there are no books in {home.root}", hint="name another folder with --home or WB_HOME")
    import duckdb

    ledger = Ledger.open(home)
    batches = {batch.name: batch for batch in sealed_batches(ledger) if batch.seal.rows}
    with duckdb.connect() as con:
        try:
            rows = _decisions(con, home, batches, record_id, field)
            newest = sorted(rows, key=lambda row: _place(row, batches))[-MOST_DECISIONS:]
            values = _values(con, home, newest)
        except duckdb.Error as error:
            message = f"a sealed file cannot be read: {str(error).splitlines()[0]}"
            raise AuditError(message, hint="run `wb audit verify`") from error
    facts = _Facts(ledger, batches, values)
    return Explanation(record_id, field, tuple(facts.of(row) for row in newest), len(rows))


_Row = dict[str, Any]


def _decisions(
    con: duckdb.DuckDBPyConnection, home: Home, batches: dict[str, SealedBatch], record_id: str, field: str | None
) -> list[_Row]:
    """Return the plain columns of the rows on a record, with `name`, the segment's name."""
    if not batches:
        return []
    paths = {str(segment_path(home, name)): name for name in batches}
    columns = [*_PLAIN, "filename"]
    statement = (
        f"select {', '.join(columns)} from read_parquet($paths, filename = true, union_by_name = true) "  # noqa: S608 - our own names; values are parameters
        "where record_id = $record_id"
    )
    given: dict[str, Any] = {"paths": list(paths), "record_id": record_id}
    if field is not None:
        statement, given = f"{statement} and field = $field", given | {"field": field}
    found = [dict(zip(columns, row, strict=True)) for row in con.execute(statement, given).fetchall()]
    return [row | {"name": paths[row["filename"]]} for row in found]


def _values(con: duckdb.DuckDBPyConnection, home: Home, rows: Sequence[_Row]) -> dict[tuple[str, str], _Row]:
    """Return the value rows (segment name, change id) -> columns, read from the files concerned only."""
    wanted: dict[str, list[str]] = {}
    for row in rows:
        wanted.setdefault(row["name"], []).append(row["change_id"])
    columns = ("change_id", *PERSONAL_COLUMNS, "erased_sequence")
    statement = f"select {', '.join(columns)} from read_parquet($path) where list_contains($ids, change_id)"  # noqa: S608 - our own names; values are parameters
    found = {}
    for name, ids in wanted.items():
        for values in con.execute(statement, {"path": str(values_path(home, name)), "ids": ids}).fetchall():
            found[name, values[0]] = dict(zip(columns, values, strict=True))
    return found


def _place(row: _Row, batches: dict[str, SealedBatch]) -> tuple[int, int, int]:
    return batches[row["name"]].sealed_sequence, row["line_number"], row["ordinal"]


class _Facts:
    """Puts a decision together from segment, values and ledger."""

    def __init__(self, ledger: Ledger, batches: dict[str, SealedBatch], values: dict[tuple[str, str], _Row]) -> None:
        self._batches = batches
        self._values = values
        self._batch_files = {e.subject: e.payload["file_name"] for e in ledger.events(BatchReceived.kind)}
        self._policy_files = {e.subject: e.payload["file_name"] for e in ledger.events(PolicyRegistered.kind)}

    def of(self, row: _Row) -> DecisionFacts:
        """Return the facts of one row. Raises AuditError if its values are missing without a tombstone."""
        values = self._values.get((row["name"], row["change_id"]))
        if values is None:
            message = f"values/{row['name']}.parquet lacks change {row['change_id']}"
            raise AuditError(message, hint="run `wb audit verify`")
        batch = self._batches[row["name"]]
        merged = {name: values[name] if name in PERSONAL_COLUMNS else row[name] for name in DECISION_COLUMNS}
        return DecisionFacts(
            decision=merged | {name: _json(merged[name]) for name in _JSON_COLUMNS},
            is_erased=values["erased_sequence"] is not None,
            batch_file_name=self._batch_files.get(row["batch_key"]),
            policy_file_name=self._policy_files.get(row["policy_hash"]),
            run_id=batch.seal.run_id,
            ledger_sequence=batch.sealed_sequence,
            sealed_at=batch.sealed_at,
        )


def _json(text: str | None) -> Any:
    """Return the value of a JSON column; text that is not JSON stays as it is: an answer must not fail on it."""
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return text
