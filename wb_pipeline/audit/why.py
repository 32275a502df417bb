"""`wb audit why`: who changed what, when and why (AUD-3), from the books of record alone. Words are in `why_text`.

The warehouse is not opened: the answer must not depend on it, and a run may hold it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.audit.caused import CausedProposal, caused_by
from wb_pipeline.audit.ledger_search import LedgerSearch
from wb_pipeline.audit.question import Question, Touched
from wb_pipeline.audit.steps import Step, as_steps, json_or_text, steps_of_changes
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS, PERSONAL_COLUMNS, SEGMENT_COLUMNS
from wb_pipeline.ledger.kinds import BatchReceived, PolicyRegistered
from wb_pipeline.ledger.manifests import SealedBatch, sealed_batches
from wb_pipeline.ledger.place import has_ledger
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
    """One decision, all that led to it, and all that came of it.

    `decision` has DECISION_COLUMNS, JSON columns as values; personal ones are None where `is_erased`. The rest is from
    the ledger: names of the batch and policy files as they were given, the run, where and when it was sealed (UTC
    text), what people and writes did since, and which proposals name this one as their cause.
    """

    decision: dict[str, Any]
    is_erased: bool
    batch_file_name: str | None
    policy_file_name: str | None
    run_id: str
    ledger_sequence: int
    sealed_at: str
    steps: tuple[Step, ...] = ()
    caused: tuple[CausedProposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decisions that a question is about in the order of the ledger: the newest ones of `found` in all.

    `around`: changes to the record that did not come through us (AUD-5), where one record is asked for.
    """

    question: Question
    decisions: tuple[DecisionFacts, ...]
    found: int
    around: tuple[Step, ...] = ()


def why(home: Home, record_id: str, field: str | None = None) -> Explanation:
    """Return the decisions on a record; with `field`, those on this field only (its canonical name)."""
    return explain(home, Question(record_id=record_id, field=field))


def record_history(home: Home, ledger: Ledger, object_name: str, record_id: str) -> Explanation:
    """Return everything on record about one record of the CRM: who changed what, when and why (AUD-3)."""
    return explain(home, Question(object=object_name, record_id=record_id), ledger)


def explain(home: Home, question: Question, ledger: Ledger | None = None) -> Explanation:
    """Return the decisions that a question is about, each with its whole chain.

    Raises InputError if there are no books, AuditError if a cited segment is missing or cannot be read.
    """
    if ledger is None:
        if not has_ledger(home):
            raise InputError(f"there are no books in {home.root}", hint="name another folder with --home or WB_HOME")
        ledger = Ledger.open(home)
    import duckdb

    batches = {batch.name: batch for batch in sealed_batches(ledger) if batch.seal.rows}
    with duckdb.connect() as con:
        try:
            rows = _decisions(con, home, batches, question.condition(_touched(ledger, question)))
            newest = sorted(rows, key=lambda row: _place(row, batches))[-MOST_DECISIONS:]
            values = _values(con, home, newest)
            caused = caused_by(con, _paths(home, batches), (row["proposal_id"] for row in newest)) if newest else {}
        except duckdb.Error as error:
            message = f"a sealed file cannot be read: {str(error).splitlines()[0]}"
            raise AuditError(message, hint="run `wb audit verify`") from error
    facts = _Facts(ledger, batches, values)
    steps = steps_of_changes(ledger, (row["change_id"] for row in newest))
    decisions = tuple(facts.of(row, steps.get(row["change_id"], ()), _after(caused, row)) for row in newest)
    return Explanation(question, decisions, len(rows), _around(ledger, question))


def _touched(ledger: Ledger, question: Question) -> Touched:
    """Return what the ledger knows of a question that the sealed decisions cannot know."""
    search = LedgerSearch(ledger)
    return Touched(
        on_record=search.changes_written_to(question.record_id) if question.record_id is not None else (),
        by_person=search.changes_told_of(by=question.actor_id) if question.actor_id is not None else (),
        in_time=search.changes_told_of(window=question.window) if question.is_about_time else (),
    )


def _around(ledger: Ledger, question: Question) -> tuple[Step, ...]:
    """Return the changes seen around us on the record that is asked for."""
    if question.record_id is None or question.actor_id or question.batch or question.proposal:
        return ()
    since, until = question.window
    found = []
    for event in LedgerSearch(ledger).seen_around(question.record_id):
        object_name, record_id, field = json_or_text(event.subject)
        fits = record_id == question.record_id and question.object in (None, object_name)
        if fits and question.field in (None, field) and since <= event.recorded_at < until:
            found.append(event)
    return tuple(as_steps(ledger, found))


def _after(caused: Mapping[str, Sequence[CausedProposal]], row: _Row) -> tuple[CausedProposal, ...]:
    """Return what an action row's proposal led to. Ids are labels: what was decided before it cannot be meant."""
    if not row["is_action_row"]:
        return ()
    return tuple(
        each
        for each in caused.get(row["proposal_id"], ())
        if each.decided_at >= row["decided_at"] and each.proposal_key != row["proposal_key"]
    )


_Row = dict[str, Any]


def _paths(home: Home, batches: Mapping[str, SealedBatch]) -> dict[str, str]:
    return {str(segment_path(home, name)): name for name in batches}


def _decisions(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    batches: dict[str, SealedBatch],
    asked: tuple[str, dict[str, Any]],
) -> list[_Row]:
    """Return the plain columns of the rows that are asked for, with `name`, the segment's name."""
    if not batches:
        return []
    paths = _paths(home, batches)
    columns = [*_PLAIN, "filename"]
    condition, given = asked
    statement = (
        f"select {', '.join(columns)} from read_parquet($paths, filename = true, union_by_name = true) "  # noqa: S608 - our own names; values are parameters
        f"where {condition}"
    )
    found = [
        dict(zip(columns, row, strict=True))
        for row in con.execute(statement, {"paths": list(paths)} | given).fetchall()
    ]
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

    def of(self, row: _Row, steps: tuple[Step, ...], caused: tuple[CausedProposal, ...]) -> DecisionFacts:
        """Return the facts of one row. Raises AuditError if its values are missing without a tombstone."""
        values = self._values.get((row["name"], row["change_id"]))
        if values is None:
            message = f"values/{row['name']}.parquet lacks change {row['change_id']}"
            raise AuditError(message, hint="run `wb audit verify`")
        batch = self._batches[row["name"]]
        merged = {name: values[name] if name in PERSONAL_COLUMNS else row[name] for name in DECISION_COLUMNS}
        return DecisionFacts(
            decision=merged
            | {name: None if merged[name] is None else json_or_text(merged[name]) for name in _JSON_COLUMNS},
            is_erased=values["erased_sequence"] is not None,
            batch_file_name=self._batch_files.get(row["batch_key"]),
            policy_file_name=self._policy_files.get(row["policy_hash"]),
            run_id=batch.seal.run_id,
            ledger_sequence=batch.sealed_sequence,
            sealed_at=batch.sealed_at,
            steps=steps,
            caused=caused,
        )
